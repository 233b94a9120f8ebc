import type { Work } from '../api/endpoint.ts'
import { loadCharge } from '../charges/charge.ts'
import { closeDispute, type DisputeSpec, loadDispute, openDispute } from '../disputes/dispute.ts'
import { type Authentication, authenticateIntent } from '../payment-intents/authenticate.ts'
import { settleIntent } from '../payment-intents/settle.ts'
import { settleRefund } from '../refunds/settle.ts'
import { runDue } from '../schedule/run-due.ts'
import { type Core, newWork } from '../server/core.ts'
import { authenticateSetup } from '../setup-intents/setup-intent.ts'
import type { Dispute, PaymentIntent, Refund, SetupIntent } from '../store/objects.ts'

/**
 * Actions that a bank, a customer, time or a person at Stripe's dashboard performs. They throw when the state forbids
 * them.
 */
export interface DashboardActions {
  /** The bank's answer for a `processing` payment. */
  settle(paymentIntentId: string, outcome: 'succeed' | 'fail'): PaymentIntent
  /** The bank's later answer to a refund. */
  settleRefund(refundId: string, outcome: 'succeed' | 'fail'): Refund
  /** The customer's bank disputes a charge or opens an inquiry. */
  openDispute(chargeId: string, spec?: DisputeSpec): Dispute
  closeDispute(disputeId: string, outcome: 'won' | 'lost'): Dispute
  /** The customer completes or fails the authentication of a payment. */
  authenticate(paymentIntentId: string, outcome: Authentication): PaymentIntent
  authenticateSetup(setupIntentId: string, outcome: Authentication): SetupIntent
  /** Moves the clock forward and runs what is due: authorizations and idempotency keys expire, refunds settle. */
  advanceClock(ms: number): void
}

/** @param origin this server's address */
export function dashboardActions(core: Core, origin: string): DashboardActions {
  const act = <T>(action: (work: Work) => T): T => {
    const now = Math.floor(core.now().getTime() / 1000)
    const work = newWork(core, { requestId: null, idempotencyKey: null }, origin, now)
    const done = core.store.transaction(() => action(work))
    core.webhooks.wake()
    return done
  }
  return {
    settle: (id, outcome) => act((work) => settleIntent(work, id, outcome)),
    settleRefund: (id, outcome) => act((work) => settleRefund(work, id, outcome)),
    openDispute: (id, spec = {}) => act((work) => openDispute(work, loadCharge(work, id), spec)),
    closeDispute: (id, outcome) => act((work) => closeDispute(work, loadDispute(work, id), outcome)),
    authenticate: (id, outcome) => act((work) => authenticateIntent(work, id, outcome)),
    authenticateSetup: (id, outcome) => act((work) => authenticateSetup(work, id, outcome)),
    advanceClock(ms) {
      core.clock.advance(ms)
      core.idempotency.forgetExpired(Math.floor(core.now().getTime() / 1000))
      runDue(core)
    },
  }
}
