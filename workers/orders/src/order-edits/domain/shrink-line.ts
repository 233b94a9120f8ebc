import type { OrderLine } from '../../orders/domain/order.ts'
import { allocate } from '../../pricing/domain/allocate.ts'

/**
 * A line with fewer units. What stays has its share of discount and tax, rounded so that the buyer never gets more for what was
 * removed than its share: the discount down, the tax up. So parts add up, and once all units are removed nothing is left.
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

/** The parts as they add up to `amount`, in proportion to what they were. */
function divided<P extends { amount: number }>(parts: P[], amount: number): P[] {
  const weights = parts.map((part) => BigInt(part.amount))
  if (weights.every((weight) => weight === 0n)) return parts
  const amounts = allocate(BigInt(amount), weights)
  return parts.map((part, index) => ({ ...part, amount: Number(amounts[index] ?? 0n) }))
}
