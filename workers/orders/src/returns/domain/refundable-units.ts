import type { ReturnId } from '@shop/kernel/ids'
import type { Order } from '../../orders/domain/order.ts'
import type { Return } from './return.ts'

/** What a return gave back so far: units of each line, and money in minor units of the order's currency. */
export type RefundedForReturn = { quantities: ReadonlyMap<string, number>; amount: number }

/** What was refunded for a return, or is being refunded. */
export function refundedFor({ lineRefunds }: Pick<Order, 'lineRefunds'>, returnId: ReturnId): RefundedForReturn {
  const standing = lineRefunds.filter((refund) => refund.returnId === returnId && refund.state !== 'released')
  const quantities = new Map<string, number>()
  for (const { lineId, quantity } of standing.flatMap(({ items }) => items)) {
    quantities.set(lineId, (quantities.get(lineId) ?? 0) + quantity)
  }
  return { quantities, amount: standing.reduce((sum, { amount }) => sum + amount, 0) }
}

/** Units of a line that came back with a return and were not refunded for it. */
export function leftToRefundFor(order: Pick<Order, 'lineRefunds'>, { id, items }: Return, lineId: string): number {
  const received = items.find((item) => item.lineId === lineId)?.received ?? 0
  return received - (refundedFor(order, id).quantities.get(lineId) ?? 0)
}
