import type { ReconciliationInProgress } from '@shop/contracts'
import { type AccessFailure, addSeconds, type Caller, fail, ok, type Result, requireStaff } from '@shop/kernel'
import type { Step, Walk } from '../ports/reconciliation.ts'
import type { PaymentsDeps } from '../ports.ts'
import { type Compared, compareIntents } from './compare-intents.ts'
import { compareRefunds } from './compare-refunds.ts'

const WALKS: Walk[] = ['payment_intents', 'refunds']
/** What a step compares at most: a page of Stripe's. */
const PAGE = 100
const LEASE_SECONDS = 60
/** From the end of a walk to the beginning of the next. */
const REST_SECONDS = 3_600
/** How far back the next walk goes over what was compared before: an authorization may be captured for a week. */
const LOOK_BACK_SECONDS = 8 * 24 * 3_600
/** When Stripe did not answer. */
const RETRY_SECONDS = 60

/** What a step has come to; `finished` when its walk has come to the end. */
export type Reconciled = Compared & { finished: boolean }

/** Takes the next step of each walk, if it is due. @returns how much was compared */
export async function reconcile(deps: PaymentsDeps): Promise<number> {
  let compared = 0
  for (const walk of WALKS) compared += (await takeStep(deps, walk, { isAsked: false, limit: PAGE }))?.compared ?? 0
  return compared
}

/** The same for staff, whether or not a step is due. */
export async function reconcileNow(
  deps: PaymentsDeps,
  caller: Caller,
  { limit = PAGE }: { limit?: number | undefined },
): Promise<Result<Reconciled, AccessFailure | ReconciliationInProgress>> {
  const staff = requireStaff(caller)
  if (!staff.ok) return staff
  const steps: Reconciled[] = []
  for (const walk of WALKS) {
    const step = await takeStep(deps, walk, { isAsked: true, limit })
    if (step === undefined) return fail({ code: 'reconciliation_in_progress' })
    steps.push(step)
  }
  const sum = (count: (step: Compared) => number) => steps.reduce((total, step) => total + count(step), 0)
  return ok({
    compared: sum((step) => step.compared),
    applied: sum((step) => step.applied),
    discrepancies: sum((step) => step.discrepancies),
    finished: steps.every((step) => step.finished),
  })
}

/** @returns undefined when somebody else is at it, or none is due */
async function takeStep(
  deps: PaymentsDeps,
  walk: Walk,
  { isAsked, limit }: { isAsked: boolean; limit: number },
): Promise<Reconciled | undefined> {
  const now = deps.now()
  const settled = addSeconds(now, -deps.reconcileAfterSeconds)
  const leasedUntil = addSeconds(now, LEASE_SECONDS)
  const step = await deps.reconciliation.claimStep(walk, { now, settled, leasedUntil, isAsked })
  if (step === undefined) return undefined
  const page = await compareNext(deps, step, limit)
  const { from, after } = step
  if (page === undefined) {
    await deps.reconciliation.endStep(step, { from, after, nextAt: addSeconds(now, RETRY_SECONDS) })
    return { compared: 0, applied: 0, discrepancies: 0, finished: false }
  }
  const finished = page.last === null
  const next = finished
    ? { from: lookBack(step), after: null, nextAt: addSeconds(now, REST_SECONDS) }
    : { from, after: page.last, nextAt: now }
  await deps.reconciliation.endStep(step, next)
  return { ...page.compared, finished }
}

const lookBack = ({ until }: Step) => addSeconds(until, -LOOK_BACK_SECONDS)

/** @returns undefined when Stripe did not answer */
async function compareNext(
  deps: PaymentsDeps,
  step: Step,
  limit: number,
): Promise<{ compared: Compared; last: string | null } | undefined> {
  const stretch = { from: step.from, until: step.until, after: step.after, limit }
  if (step.walk === 'payment_intents') {
    const page = await deps.books.intents(stretch)
    return page && { compared: await compareIntents(deps, page.found), last: page.last }
  }
  const page = await deps.books.refunds(stretch)
  return page && { compared: await compareRefunds(deps, page.found), last: page.last }
}
