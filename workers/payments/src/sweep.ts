import { claimedBatch, onlyBatch, type SweepTask, type SweptBatch } from '@shop/contracts/service'
import type { PaymentsDeps } from './deps.ts'
import { deliverEvents } from './events/deliver-events.ts'
import { followOrders } from './events/follow-orders.ts'
import { type RefreshedState, refreshPayments } from './payments/refresh-payments.ts'
import { resumeAttempts } from './payments/resume-attempts.ts'
import { eraseCustomers } from './privacy/erase-customers.ts'
import { reconcileDue } from './reconciliation/reconcile-due.ts'
import { releaseUnmadeRefunds } from './refunds/release-unmade-refunds.ts'
import { retryRefunds } from './refunds/retry-refunds.ts'
import { recordTaxes } from './taxes/record-taxes.ts'

/** Orders is told of a batch at its end, so it must not take long. */
const BATCH = 20

const OPEN: readonly RefreshedState[] = ['requires_payment_method', 'requires_confirmation', 'requires_action']
/**
 * How much less often Stripe is asked about an authorized payment: it stays authorized for days, and a webhook reports
 * its end.
 */
const AUTHORIZED_FACTOR = 60

/** Finishes what a crash, a lost answer or an outage left open. Each item is claimed: two sweeps at once share the work. */
export function paymentsTasks(deps: PaymentsDeps): SweepTask[] {
  const refresh = (states: readonly RefreshedState[], factor = 1) =>
    claimed((limit) => refreshPayments(deps, { states, factor, limit }))
  return [
    // Captures first: orders should receive one before the order expires.
    ...deliveryTasks(deps),
    { name: 'resumed', work: claimed((limit) => resumeAttempts(deps, limit)) },
    { name: 'refunded', work: claimed((limit) => retryRefunds(deps, limit)) },
    { name: 'refunds_released', work: (from) => releaseUnmadeRefunds(deps, from) },
    ...followTasks(deps),
    // A payment in processing keeps its order from expiring, so it must not wait behind abandoned checkouts.
    { name: 'processing', work: refresh(['processing']) },
    { name: 'checked', work: refresh(OPEN) },
    { name: 'authorized', work: refresh(['requires_capture'], AUTHORIZED_FACTOR) },
    { name: 'taxes_recorded', work: claimed((limit) => recordTaxes(deps, limit)) },
    { name: 'customers_erased', work: claimed((limit) => eraseCustomers(deps, limit)) },
    // One batch each, since these can wait.
    { name: 'intents_reconciled', work: async () => onlyBatch(await reconcileDue(deps, 'payment_intents')) },
    { name: 'refunds_reconciled', work: async () => onlyBatch(await reconcileDue(deps, 'refunds')) },
    { name: 'events_pruned', work: async () => onlyBatch(await deps.events.prune(deps.now())) },
    { name: 'keys_pruned', work: async () => onlyBatch(await deps.keys.prune(deps.now())) },
    { name: 'webhooks_pruned', work: async () => onlyBatch(await deps.webhookEvents.prune(deps.now())) },
  ]
}

/** Delivers the events that orders waits for. Also done alone, when an earlier event of a payment is settled. */
export function deliveryTasks(deps: PaymentsDeps): SweepTask[] {
  return [{ name: 'delivered', work: () => deliverEvents(deps) }]
}

/** Follows the events of orders. Also done alone, when a queue message says that there are some. */
export function followTasks(deps: PaymentsDeps): SweepTask[] {
  return [{ name: 'followed', work: () => followOrders(deps) }]
}

const claimed = (claim: (limit: number) => Promise<number>) => async (): Promise<SweptBatch> =>
  claimedBatch(await claim(BATCH), BATCH)
