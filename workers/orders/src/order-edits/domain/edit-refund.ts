import type { LineRefund } from '../../fulfillment/domain/line-refund.ts'
import type { Changed } from '../../orders/domain/steps.ts'

/**
 * The parts of a step by which payments refunds what an edit has credited: the reserved refund, and that it is due.
 *
 * @param amount in minor units; 0 for no refund
 */
export function editRefund(
  amount: number,
  { refundId, at }: Pick<LineRefund, 'refundId'> & { at: Date },
): Pick<Changed, 'lineRefund' | 'refundDue'> {
  if (amount === 0) return {}
  const lineRefund: LineRefund = {
    ...{ refundId, origin: 'edit', state: 'reserved', amount },
    ...{ returnId: null, items: [], shipping: 0, restockingFee: 0, createdAt: at },
  }
  return { lineRefund, refundDue: { storeCredit: 0 } }
}
