import type { PaymentsEvent } from '@shop/contracts/orders/rpc'
import type { MoneyKind } from '@shop/contracts/orders/states'

/** A movement of money as it is stored. Amount in minor units, above 0; `at` is the instant in the ledger of payments. */
export type MoneyEntry = {
  /** The same however often the movement is told. */
  key: string
  orderId: string
  paymentId: string
  kind: MoneyKind
  amount: number
  currency: string
  at: Date
  /** Of a further capture of a payment: all that was captured of it then. */
  total?: number
}

/**
 * Statuses of disputes for which the bank has withdrawn the money. Of an inquiry (`warning_…`) it withdraws nothing.
 * Source: https://docs.stripe.com/api/disputes/object#dispute_object-status
 */
const WITHDRAWN = new Set(['needs_response', 'under_review', 'won', 'lost'])

/**
 * The movements of money that an event of payments tells of. Those that an earlier event should have told are among them,
 * since staff may have skipped it.
 *
 * @returns none for an event that moves no money, at Stripe or to gift cards
 */
export function moneyEntriesOf(event: PaymentsEvent): MoneyEntry[] {
  return entriesOf(event).filter(({ amount }) => amount > 0)
}

function entriesOf(event: PaymentsEvent): MoneyEntry[] {
  const { createdAt: at } = event
  switch (event.type) {
    case 'payment.captured': {
      const { orderId, paymentId, capturedAmount, capturedBefore, currency } = event.payload
      return [captured({ orderId, paymentId, currency, at }, capturedAmount, capturedBefore)]
    }
    case 'refund.succeeded':
    case 'refund.returned': {
      const { orderId, paymentId, refundId, amount, capturedAmount, currency } = event.payload
      const of = { orderId, paymentId, currency, at }
      const credited = { ...of, key: `credited:${refundId}`, kind: 'credited', amount } as const
      if (event.details.isCredit) return [captured(of, capturedAmount), credited]
      const refunded = { ...of, key: `refunded:${refundId}`, kind: 'refunded', amount } as const
      const returned = { ...of, key: `refund_returned:${refundId}`, kind: 'refund_returned', amount } as const
      return [captured(of, capturedAmount), refunded, ...(event.type === 'refund.returned' ? [returned] : [])]
    }
    case 'dispute.created':
    case 'dispute.updated':
    case 'dispute.closed': {
      const { paymentId, disputeId, status, amount, currency } = event.payload
      if (!WITHDRAWN.has(status)) return []
      const of = { orderId: event.details.orderId, paymentId, currency, amount, at }
      const disputed = { ...of, key: `disputed:${disputeId}`, kind: 'disputed' } as const
      const won = { ...of, key: `dispute_won:${disputeId}`, kind: 'dispute_won' } as const
      return status === 'won' ? [disputed, won] : [disputed]
    }
    default:
      return []
  }
}

/** A further capture of a payment is named by what was captured with it. */
function captured(
  of: Pick<MoneyEntry, 'orderId' | 'paymentId' | 'currency' | 'at'>,
  total: number,
  before = 0,
): MoneyEntry {
  const key = `captured:${of.paymentId}`
  if (before === 0) return { ...of, key, kind: 'captured', amount: total }
  return { ...of, key: `${key}:${total}`, kind: 'captured', amount: total - before, total }
}
