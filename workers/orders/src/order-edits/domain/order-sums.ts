import type { Order } from '../../orders/domain/order.ts'
import type { PricedPart, TaxLine } from '../../pricing/domain/pricing.ts'

export type OrderSums = Pick<Order, 'subtotal' | 'discountTotal' | 'taxTotal' | 'total' | 'adjustments' | 'taxLines'>

/** The totals of an order: the exact sums of its lines and shipping, in minor units. */
export function sumsOf({ lines, shipping, shippingTotal, ...order }: Order): OrderSums {
  const parts: PricedPart[] = shipping === null ? lines : [...lines, shipping]
  const sum = (of: (part: PricedPart) => number) => parts.reduce((whole, part) => whole + of(part), 0)
  return {
    subtotal: sum((part) => part.subtotal) - shippingTotal,
    discountTotal: sum((part) => part.discount),
    taxTotal: sum((part) => part.tax),
    total: sum((part) => part.total),
    adjustments: adjustmentsOf(order.adjustments, parts),
    taxLines: taxLinesOf(parts),
  }
}

/** Promotions that no longer reduce the price are left out. An edit never adds one. */
function adjustmentsOf(known: Order['adjustments'], parts: PricedPart[]): Order['adjustments'] {
  const given = parts.flatMap(({ adjustments }) => adjustments)
  const amountOf = (promotionId: string) =>
    given.reduce((sum, one) => (one.promotionId === promotionId ? sum + one.amount : sum), 0)
  return known
    .map((adjustment) => ({ ...adjustment, amount: amountOf(adjustment.promotionId) }))
    .filter(({ amount }) => amount > 0)
}

/** One tax line for each rate id and rate: a rate that has changed since the order was placed has two. */
function taxLinesOf(parts: PricedPart[]): TaxLine[] {
  const byRate = Map.groupBy(
    parts.flatMap(({ taxLines }) => taxLines),
    ({ rateId, rate }) => `${rateId} ${rate}`,
  )
  return [...byRate.values()].flatMap((same) => {
    const [first] = same
    return first === undefined ? [] : [{ ...first, amount: same.reduce((sum, { amount }) => sum + amount, 0) }]
  })
}
