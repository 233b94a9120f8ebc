import { loadCharge } from './charges.ts'
import { type Core, newWork } from './core.ts'
import { closeDispute, type DisputeSpec, loadDispute, openDispute } from './disputes/dispute.ts'
import { runDue } from './due.ts'
import type { Work } from './endpoint.ts'
import type { Dispute, PaymentIntent, Refund, SetupIntent } from './objects.ts'
import { type Authentication, authenticateIntent } from './payment-intents/authenticate.ts'
import { settleIntent } from './payment-intents/settle.ts'
import { settleRefund } from './refunds/settle.ts'
import { authenticateSetup } from './setup-intents/setup-intent.ts'

/** What at Stripe a bank, a customer or time would do. What cannot be done at this point throws. */
export interface ByHand {
  /** The bank's answer for a `processing` payment. */
  settle(paymentIntentId: string, outcome: 'succeed' | 'fail'): PaymentIntent
  /** The bank's later answer to a refund. */
  settleRefund(refundId: string, outcome: 'succeed' | 'fail'): Refund
  /** A customer's bank takes a charge back, or asks about it. */
  openDispute(chargeId: string, spec?: DisputeSpec): Dispute
  closeDispute(disputeId: string, outcome: 'won' | 'lost'): Dispute
  /** What the customer does at their bank for a payment that asks for authentication. */
  authenticate(paymentIntentId: string, outcome: Authentication): PaymentIntent
  authenticateSetup(setupIntentId: string, outcome: Authentication): SetupIntent
  /** Moves the clock forward and does what has become due: authorizations expire, refunds settle, keys are forgotten. */
  advanceClock(ms: number): void
}

/** @param origin this server's address */
export function byHand(core: Core, origin: string): ByHand {
  const act = <T>(action: (work: Work) => T): T => {
    const now = Math.floor(core.now().getTime() / 1000)
    const work = newWork(core, { requestId: null, idempotencyKey: null }, origin, now)
    const done = core.store.transaction(() => action(work))
    core.webhooks.kick()
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
