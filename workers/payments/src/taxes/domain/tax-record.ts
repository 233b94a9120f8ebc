import type { TaxRecordKind } from '@shop/contracts/payments/states'
import type { CurrencyCode } from '@shop/kernel/currencies'
import type { PaymentId } from '@shop/kernel/ids'
import { addSeconds } from '@shop/kernel/time'

/**
 * What Stripe Tax has to record of a paid order.
 *
 * - `sale`: the calculation by which the order was taxed.
 * - `uncaptured`: the part of it that was not captured.
 * - `refund`, and `refund_returned` when the bank returned it.
 */
export type TaxRecord = {
  /** Unique at Stripe: the order's id, the refund's, or an id with a suffix. */
  reference: string
  kind: TaxRecordKind
  paymentId: PaymentId
  /** Of a sale. */
  calculationId: string | null
  /** What it reverses; null for a sale. `stripeId` is null where Stripe refused to record it. */
  original: { stripeId: string | null; amount: number } | null
  /** Minor units, with tax. */
  amount: number
  currency: CurrencyCode
  /** How often Stripe was asked, this time included. */
  attempts: number
}

/** What came of asking Stripe. */
export type TaxRecordAnswer =
  | { kind: 'recorded'; stripeId: string }
  | { kind: 'refused'; reason: string }
  | { kind: 'unknown' }

/** A call of Stripe's API that records it. Amounts in minor units, 0 or more. */
export type TaxCall = { reference: string; key: string } & (
  | { call: 'record'; calculationId: string }
  | { call: 'reverse'; originalId: string; amount: number | 'all' }
)

/**
 * The call to make. Only one reversal takes back all: Stripe's full reversals do not see partial ones before them.
 *
 * @returns undefined for a reversal of what Stripe has not recorded
 */
export function callOf(record: TaxRecord): TaxCall | undefined {
  const { reference, kind, calculationId, original, amount } = record
  const named = { reference, key: keyOf(record) }
  if (calculationId !== null) return { ...named, call: 'record', calculationId }
  if (original?.stripeId == null) return undefined
  const isAll = kind === 'refund_returned' || amount === original.amount
  return { ...named, call: 'reverse', originalId: original.stripeId, amount: isAll ? 'all' : amount }
}

/** Attempts that may repeat the first one's answer. A later one has to be made anew: Stripe also repeats its own errors. */
const REPEATING_ATTEMPTS = 3

/** The idempotency key. Whatever the key, Stripe takes each reference once. */
function keyOf({ reference, attempts }: TaxRecord): string {
  return attempts <= REPEATING_ATTEMPTS ? `tax_${reference}` : `tax_${reference}_${attempts}`
}

const FIRST_RETRY_SECONDS = 60
const LONGEST_RETRY_SECONDS = 3_600

/** When to ask again about a record whose outcome is unknown: after a minute, then twice as long each time, up to an hour. */
export function nextAttemptAt({ attempts }: Pick<TaxRecord, 'attempts'>, now: Date): Date {
  return addSeconds(now, Math.min(FIRST_RETRY_SECONDS * 2 ** (attempts - 1), LONGEST_RETRY_SECONDS))
}
