import type { RefundOrigin } from '@shop/contracts/orders/states'
import type { OrderLineId, RefundId, ReturnId } from '@shop/kernel/ids'

/** Units of a line in a refund: those of them that were removed, since they had not shipped, and what is refunded for them. */
export type RefundedItem = { lineId: OrderLineId; quantity: number; removed: number; amount: number }

/**
 * A refund of units, as it was reserved. Amounts in minor units.
 *
 * `reserved`: payments makes the refund. `released`: it was not made, failed, or came back from the bank, so its units count as
 * not refunded.
 */
export type LineRefund = {
  refundId: RefundId
  origin: RefundOrigin
  state: 'reserved' | 'refunded' | 'released'
  /** What payments refunds: the items and shipping, less the restocking fee. */
  amount: number
  items: RefundedItem[]
  shipping: number
  restockingFee: number
  /** The return that its units came back with. */
  returnId: ReturnId | null
  createdAt: Date
}

/** The refunds by line with one of them as it is now; a new one comes last. */
export function withLineRefund(refunds: readonly LineRefund[], changed: LineRefund): LineRefund[] {
  const isNew = refunds.every(({ refundId }) => refundId !== changed.refundId)
  return isNew ? [...refunds, changed] : refunds.map((one) => (one.refundId === changed.refundId ? changed : one))
}
