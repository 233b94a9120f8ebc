import type { SweepReport } from '@shop/contracts'
import { addSeconds } from '@shop/kernel'
import type { PaymentEvent, PaymentsDeps } from '../ports.ts'
import { callOffPayments } from './call-off-payments.ts'
import { captureShipped } from './capture-shipped.ts'
import { checkPayment } from './check-payment.ts'
import { deliverAuthorization, deliverAuthorizationLost } from './deliver-authorization.ts'
import { deliverCapture } from './deliver-capture.ts'
import { forEach } from './each.ts'
import { executeRefund } from './execute-refund.ts'
import { reconcile } from './reconcile.ts'
import { resumeAttempt } from './resume-attempt.ts'

const BATCH = 50
/** Less than the minute between two sweeps; what is left is for the next one. */
const SWEEP_SECONDS = 40

/**
 * Finishes what a crash, a lost answer or an outage left. Each piece is claimed, so two sweeps at once share the work;
 * a kind of work that fails stops no other.
 */
export async function sweepPayments(deps: PaymentsDeps): Promise<SweepReport> {
  const until = addSeconds(deps.now(), SWEEP_SECONDS)
  // Captures first: an order that was paid in time should hear of it before it expires.
  return {
    delivered: await drain(deps, 'deliver', until, deliverEvents),
    resumed: await drain(deps, 'resume', until, resumeLostAttempts),
    refunded: await drain(deps, 'refund', until, retryRefunds),
    captured: await drain(deps, 'capture_shipped', until, captureShipped),
    calledOff: await drain(deps, 'call_off', until, callOffPayments),
    // Money on its way keeps its order from expiring, so it must not wait behind abandoned checkouts.
    followed: await drain(deps, 'follow', until, (each) => checkUnseen(each, ['processing'])),
    checked: await drain(deps, 'check', until, (each) => checkUnseen(each, OPEN)),
    // They stay as they are for days, and a webhook tells of their end.
    authorized: await drain(deps, 'check_authorized', until, (each) =>
      checkUnseen(each, ['requires_capture'], AUTHORIZATION_CHECK_FACTOR),
    ),
    // What Stripe knows and nobody has told: a step at a time, since it can wait.
    reconciled: await drain(deps, 'reconcile', deps.now(), reconcile),
    pruned: await drain(deps, 'prune', deps.now(), (each) => each.store.prune(each.now())),
  }
}

/** How much less often than others an authorized payment is looked at. */
const AUTHORIZATION_CHECK_FACTOR = 60

const OPEN = ['requires_payment_method', 'requires_confirmation', 'requires_action'] as const

/** Works through batches until one is short or the time is over. */
async function drain(
  deps: PaymentsDeps,
  task: string,
  until: Date,
  batch: (deps: PaymentsDeps) => Promise<number>,
): Promise<number> {
  let done = 0
  try {
    for (;;) {
      const count = await batch(deps)
      done += count
      if (count < BATCH || deps.now() >= until) return done
    }
  } catch (error) {
    deps.warn('sweep_failed', { task, error })
    return done
  }
}

async function resumeLostAttempts(deps: PaymentsDeps): Promise<number> {
  const now = deps.now()
  const lost = await deps.store.claimLostAttempts({ now, until: addSeconds(now, deps.attemptSeconds), limit: BATCH })
  await forEach(deps, 'resume', lost, (payment) => resumeAttempt(deps, payment))
  return lost.length
}

async function deliverEvents(deps: PaymentsDeps): Promise<number> {
  const events = await deps.store.claimEvents({ limit: BATCH, now: deps.now() })
  await forEach(deps, 'deliver', events, (event) => deliver(deps, event))
  return events.length
}

async function deliver(deps: PaymentsDeps, event: PaymentEvent): Promise<void> {
  switch (event.kind) {
    case 'captured':
      await deliverCapture(deps, event.payment)
      return
    case 'authorized':
      await deliverAuthorization(deps, event.payment)
      return
    case 'authorization_lost':
      return deliverAuthorizationLost(deps, event.payment)
    case 'refunded': {
      const applied = await deps.orders.applyRefund(event.payment)
      if (applied.ok) await deps.store.confirmEvent(event.id, deps.now())
      return
    }
    case 'refund_returned': {
      const applied = await deps.orders.applyRefundReturned(event.payment)
      if (applied.ok) await deps.store.confirmEvent(event.id, deps.now())
    }
  }
}

async function retryRefunds(deps: PaymentsDeps): Promise<number> {
  const now = deps.now()
  const leaseUntil = addSeconds(now, deps.attemptSeconds)
  const pending = await deps.store.claimRefunds({ now, leaseUntil, limit: BATCH })
  await forEach(deps, 'refund', pending, async (refund) => {
    await executeRefund(deps, refund)
  })
  return pending.length
}

/** Looks at payments nothing was heard of for a while: a webhook may be late, or never come. */
async function checkUnseen(
  deps: PaymentsDeps,
  states: readonly ('processing' | 'requires_capture' | (typeof OPEN)[number])[],
  factor = 1,
): Promise<number> {
  const now = deps.now()
  const seenBefore = addSeconds(now, -deps.paymentCheckSeconds * factor)
  const unseen = await deps.store.claimUnseen({ now, seenBefore, states, limit: BATCH })
  await forEach(deps, 'check', unseen, (payment) => checkPayment(deps, payment))
  return unseen.length
}
