import type { Db } from '../../client.ts'
import { pruneEvents } from '../../outbox.ts'
import { paymentsOutbox } from '../../schema/payments.ts'
import { prunePaymentKeys } from './keys.ts'
import { pruneStripeEvents } from './stripe-events.ts'

export * from './attempts.ts'
export { claimPaymentEvents, confirmAnnounced, confirmPaymentEvent, type PaymentEvent } from './events.ts'
export {
  answerPaymentKey,
  type ClaimedKey,
  claimPaymentKey,
  dropPaymentKey,
  type KeyClaim,
} from './keys.ts'
export { type LedgerPage, readLedger } from './ledger.ts'
export * from './refunds.ts'
export * from './settle-refund.ts'
export * from './state.ts'

export async function prunePayments(db: Db, now: Date): Promise<number> {
  const pruned = await Promise.all([
    pruneEvents(db, paymentsOutbox, now),
    prunePaymentKeys(db, now),
    pruneStripeEvents(db, now),
  ])
  return pruned.reduce((sum, count) => sum + count, 0)
}
