import { addSeconds } from '@shop/kernel/time'
import type { PaymentsDeps } from '../../deps.ts'
import type { Comparison } from '../domain/compare.ts'
import type { ClaimedPage, ComparedList } from '../repository/progress.ts'
import { type CompareIntentsDeps, compareIntents } from './compare-intents.ts'
import { compareRefunds } from './compare-refunds.ts'

export const COMPARED_LISTS: readonly ComparedList[] = ['payment_intents', 'refunds']

/** The largest page that Stripe returns. */
export const PAGE_SIZE = 100
const LEASE_SECONDS = 60
/** Delay from the end of a list to its next comparison. */
const REST_SECONDS = 3_600
/** How far back the next comparison starts: an authorization may be captured for a week. */
const LOOK_BACK_SECONDS = 8 * 24 * 3_600
/** Delay after Stripe did not answer. */
const RETRY_SECONDS = 60

export type CompareDeps = CompareIntentsDeps & Pick<PaymentsDeps, 'reconcileAfterSeconds'>

/**
 * Compares the next page of one of Stripe's lists with what is recorded.
 *
 * @returns undefined when another caller compares the list, or no page is due; `finished` at the end of the list
 */
export async function compareNextPage(
  deps: CompareDeps,
  list: ComparedList,
  { isForced, limit }: { isForced: boolean; limit: number },
): Promise<(Comparison & { finished: boolean }) | undefined> {
  const now = deps.now()
  const newestUntil = addSeconds(now, -deps.reconcileAfterSeconds)
  const leasedUntil = addSeconds(now, LEASE_SECONDS)
  const claimed = await deps.reconciliation.claimPage(list, { now, newestUntil, leasedUntil, isForced })
  if (claimed === undefined) return undefined
  const { from, until, after } = claimed
  const page = await comparePage(deps, claimed, limit)
  if (page === undefined) {
    await deps.reconciliation.endPage(claimed, { from, after, nextAt: addSeconds(now, RETRY_SECONDS) })
    return { compared: 0, applied: 0, discrepancies: 0, finished: false }
  }
  const finished = page.last === null
  const next = finished
    ? { from: addSeconds(until, -LOOK_BACK_SECONDS), after: null, nextAt: addSeconds(now, REST_SECONDS) }
    : { from, after: page.last, nextAt: now }
  await deps.reconciliation.endPage(claimed, next)
  return { ...page.comparison, finished }
}

/** @returns undefined when Stripe did not answer */
async function comparePage(
  deps: CompareDeps,
  { list, from, until, after }: ClaimedPage,
  limit: number,
): Promise<{ comparison: Comparison; last: string | null } | undefined> {
  const window = { from, until, after, limit }
  if (list === 'payment_intents') {
    const page = await deps.stripeIntents.list(window)
    return page && { comparison: await compareIntents(deps, page.found), last: page.last }
  }
  const page = await deps.stripeRefunds.list(window)
  return page && { comparison: await compareRefunds(deps, page.found), last: page.last }
}
