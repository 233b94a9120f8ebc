import type { ReturnId } from '@shop/kernel/ids'
import type { Order } from '../../orders/domain/order.ts'
import type { Return } from './return.ts'

/** What was refunded for a return: units of each line, and the amount in minor units of the order's currency. */
export type RefundedForReturn = { quantities: ReadonlyMap<string, number>; amount: number }

/** What was refunded for a return, including refunds in progress. */
export function refundedFor({ lineRefunds }: Pick<Order, 'lineRefunds'>, returnId: ReturnId): RefundedForReturn {
  const standing = lineRefunds.filter((refund) => refund.returnId === returnId && refund.state !== 'released')
  const quantities = new Map<string, number>()
  for (const { lineId, quantity } of standing.flatMap(({ items }) => items)) {
    quantities.set(lineId, (quantities.get(lineId) ?? 0) + quantity)
  }
  return { quantities, amount: standing.reduce((sum, { amount }) => sum + amount, 0) }
}

/** Received units of a line of a return that were not refunded for it. */
export function leftToRefundFor(order: Pick<Order, 'lineRefunds'>, { id, items }: Return, lineId: string): number {
  const received = items.find((item) => item.lineId === lineId)?.received ?? 0
  return received - (refundedFor(order, id).quantities.get(lineId) ?? 0)
}
