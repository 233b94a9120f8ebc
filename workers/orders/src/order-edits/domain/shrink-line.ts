import type { OrderLine } from '../../orders/domain/order.ts'
import { allocate } from '../../pricing/domain/allocate.ts'

/**
 * A line with fewer units. The remaining units keep their share of discount and tax. The discount is rounded down and the tax up, so that
 * the refund of the removed units never exceeds their share. With 0 units all amounts are 0.
 *
 * @param quantity 0 to the present one
 */
export function shrinkLine(line: OrderLine, quantity: number, pricesIncludeTax: boolean): OrderLine {
  const shareOf = (amount: number) => Math.floor((amount * quantity) / line.quantity)
  const subtotal = line.unitPrice * quantity
  const discount = shareOf(line.discount)
  const tax = -shareOf(-line.tax)
  return {
    ...line,
    ...{ quantity, subtotal, discount, tax },
    total: subtotal - discount + (pricesIncludeTax ? 0 : tax),
    adjustments: divided(line.adjustments, discount),
    taxLines: divided(line.taxLines, tax),
  }
}

/** The parts scaled to add up to `amount`, in proportion to their former amounts. */
function divided<P extends { amount: number }>(parts: P[], amount: number): P[] {
  const weights = parts.map((part) => BigInt(part.amount))
  if (weights.every((weight) => weight === 0n)) return parts
  const amounts = allocate(BigInt(amount), weights)
  return parts.map((part, index) => ({ ...part, amount: Number(amounts[index] ?? 0n) }))
}
