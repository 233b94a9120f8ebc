import type { RefundOrigin } from '@shop/contracts/orders/states'
import type { OrderLineId, RefundId, ReturnId } from '@shop/kernel/ids'

/** Units of a line in a refund. `removed`: those that had not shipped, and never will. `amount`: their refund, in minor units. */
export type RefundedItem = { lineId: OrderLineId; quantity: number; removed: number; amount: number }

/**
 * A refund of units, as it was reserved. Amounts in minor units.
 *
 * `reserved`: payments makes the refund. `refunded`: it was made, or it was an exchange's and failed. `released`: it was not made, failed,
 * or was returned by the bank, so its units count as not refunded.
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
  /** The return that received its units; null without one. */
  returnId: ReturnId | null
  createdAt: Date
}

/** The refunds by line with one of them replaced by its new state; a new one comes last. */
export function withLineRefund(refunds: readonly LineRefund[], changed: LineRefund): LineRefund[] {
  const isNew = refunds.every(({ refundId }) => refundId !== changed.refundId)
  return isNew ? [...refunds, changed] : refunds.map((one) => (one.refundId === changed.refundId ? changed : one))
}
