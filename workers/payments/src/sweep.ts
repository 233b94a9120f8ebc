import type { SweepReport } from '@shop/contracts/service'
import { addSeconds } from '@shop/kernel/time'
import type { PaymentsDeps } from './deps.ts'
import { deliverEvents } from './events/deliver-events.ts'
import { followOrders } from './events/follow-orders.ts'
import { type RefreshedState, refreshPayments } from './payments/refresh-payments.ts'
import { resumeAttempts } from './payments/resume-attempts.ts'
import { reconcileDue } from './reconciliation/reconcile-due.ts'
import { retryRefunds } from './refunds/retry-refunds.ts'

const BATCH = 50
/** Less than the minute between two sweeps; what is left is for the next one. */
const SWEEP_SECONDS = 40

const OPEN: readonly RefreshedState[] = ['requires_payment_method', 'requires_confirmation', 'requires_action']
/**
 * How much less often Stripe is asked about an authorized payment: it stays authorized for days, and a webhook reports
 * its end.
 */
const AUTHORIZED_FACTOR = 60

/**
 * Finishes what a crash, a lost answer or an outage left open. Each item is claimed, so that two sweeps at once share
 * the work; a task that fails does not stop the others.
 */
export async function sweepPayments(deps: PaymentsDeps): Promise<SweepReport> {
  const now = deps.now()
  const until = addSeconds(now, SWEEP_SECONDS)
  const run = (task: string, batch: (limit: number) => Promise<number>, end = until) => drain(deps, task, end, batch)
  return {
    // Captures first: orders should receive one before the order expires.
    delivered: await run('deliver', () => deliverEvents(deps, until), now),
    resumed: await run('resume', (limit) => resumeAttempts(deps, limit)),
    refunded: await run('refund', (limit) => retryRefunds(deps, limit)),
    followed: await run('follow_orders', (limit) => followOrders(deps, limit)),
    // A payment in processing keeps its order from expiring, so it must not wait behind abandoned checkouts.
    processing: await run('check_processing', (limit) => refreshPayments(deps, { states: ['processing'], limit })),
    checked: await run('check', (limit) => refreshPayments(deps, { states: OPEN, limit })),
    authorized: await run('check_authorized', (limit) =>
      refreshPayments(deps, { states: ['requires_capture'], factor: AUTHORIZED_FACTOR, limit }),
    ),
    // One batch each, since these can wait.
    reconciled: await run('reconcile', () => reconcileDue(deps), now),
    pruned: await run('prune', () => prune(deps), now),
  }
}

/** Follows orders when a queue message says that there are events. */
export async function followNewEvents(deps: PaymentsDeps): Promise<void> {
  await followOrders(deps, BATCH)
}

async function prune(deps: PaymentsDeps): Promise<number> {
  const now = deps.now()
  const pruned = await Promise.all([deps.events.prune(now), deps.keys.prune(now), deps.webhookEvents.prune(now)])
  return pruned.reduce((sum, count) => sum + count, 0)
}

/** Works through batches until one is short or the time is over. */
async function drain(
  deps: PaymentsDeps,
  task: string,
  until: Date,
  batch: (limit: number) => Promise<number>,
): Promise<number> {
  let done = 0
  try {
    for (;;) {
      const count = await batch(BATCH)
      done += count
      if (count < BATCH || deps.now() >= until) return done
    }
  } catch (error) {
    deps.warn('sweep_failed', { task, error })
    return done
  }
}
