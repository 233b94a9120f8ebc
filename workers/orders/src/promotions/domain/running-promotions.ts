import type { CurrencyCode } from '@shop/kernel/currencies'
import { codeKey } from './code-key.ts'
import type { Promotion } from './promotion.ts'
import { type StoredPromotion, toPromotion } from './stored-promotion.ts'

/** A promotion that an entered code, or none, leads to, as it is stored. */
export type Candidate = {
  /** The code as it is compared; null for an automatic promotion. */
  code: string | null
  /** Whether it is a single-use code that an order uses. */
  isUsed: boolean
  promotion: StoredPromotion
  /** How often this customer uses it; 0 where that has no limit. */
  usesOfCustomer: number
}

/**
 * Why a code cannot be used, whatever is bought: it leads to no promotion, or to one that does not run, is used up by all or
 * by this customer, or has its budget in another currency.
 */
export type UnusableReason =
  | 'unknown'
  | 'not_started'
  | 'ended'
  | 'used_up'
  | 'used_up_by_customer'
  | 'currency_not_included'

export type RunningQuery = {
  /** As they were entered, in any order. */
  codes: readonly string[]
  now: Date
  /** As in `customerKeyOf`; null while the customer is unknown, who then counts as a new one. */
  customerKey: string | null
  currency: CurrencyCode
}

/** `budgetLeft` in minor units; null without a budget. An order that gets more is refused when it is written. */
export type RunningPromotion = { promotion: Promotion; budgetLeft: number | null }

/** What may be used by its codes and by its beginning, before limits and the rest are looked at. */
export type PromotionCandidates = {
  candidates: Candidate[]
  /** Groups of the customer's account. */
  groupIds: string[]
  /** True unless the customer has an order that is not cancelled. */
  isFirstOrder: boolean
}

export type RunningPromotions = Omit<PromotionCandidates, 'candidates'> & {
  /** Automatic ones and those of the entered codes; the promotion has the code as it was entered, or as it was made. */
  running: RunningPromotion[]
  /** The entered codes that cannot be used. */
  refused: { code: string; reason: UnusableReason }[]
}

/** Decides which promotions may be used. Spellings of one code count as one; automatic ones that may not are left out. */
export function decideRunning(
  candidates: readonly Candidate[],
  query: Omit<RunningQuery, 'customerKey'>,
): Pick<RunningPromotions, 'running' | 'refused'> {
  const automatic = candidates.filter(({ code }) => code === null)
  const running = automatic.filter((one) => unusable(one, query) === undefined).map((one) => toRunning(one, null))
  const refused: RunningPromotions['refused'] = []
  for (const [key, code] of new Map(query.codes.map((entered) => [codeKey(entered), entered.trim()]))) {
    const candidate = candidates.find((one) => one.code === key)
    const reason = candidate === undefined ? 'unknown' : unusable(candidate, query)
    if (candidate !== undefined && reason === undefined) running.push(toRunning(candidate, code))
    else if (reason !== undefined) refused.push({ code, reason })
  }
  return { running, refused }
}

function unusable(
  candidate: Candidate,
  { now, currency }: Pick<RunningQuery, 'now' | 'currency'>,
): UnusableReason | undefined {
  const { startsAt, endsAt, budget, usageLimitPerCustomer } = candidate.promotion
  if (startsAt !== null && now < startsAt) return 'not_started'
  if (endsAt !== null && endsAt <= now) return 'ended'
  if (isUsedUp(candidate)) return 'used_up'
  if (usageLimitPerCustomer !== null && candidate.usesOfCustomer >= usageLimitPerCustomer) return 'used_up_by_customer'
  return budget === null || budget.currency === currency ? undefined : 'currency_not_included'
}

function isUsedUp({ isUsed, promotion: { usageLimit, budget, usage } }: Candidate): boolean {
  const { uses, amount } = usage ?? { uses: 0, amount: 0 }
  return isUsed || (usageLimit !== null && uses >= usageLimit) || (budget !== null && amount >= budget.amount)
}

function toRunning({ promotion }: Candidate, entered: string | null): RunningPromotion {
  const { budget, usage, code } = promotion
  const isOwn = entered !== null && code !== null && codeKey(code) === codeKey(entered)
  return {
    promotion: toPromotion(promotion, isOwn ? code : entered),
    budgetLeft: budget && budget.amount - (usage?.amount ?? 0),
  }
}

/** The collections that the promotions name: a quote has to tell which of them have its product. */
export function collectionsNamedBy(candidates: readonly Pick<Candidate, 'promotion'>[]): number[] {
  const ids = candidates.flatMap(({ promotion: { appliesTo, buy, get } }) =>
    [appliesTo, buy, get].flatMap((products) => products?.collectionIds ?? []),
  )
  return [...new Set(ids)].sort((one, other) => one - other)
}
