import type { RefundDetails } from '@shop/contracts/orders/rpc'
import type { OrderActor } from '@shop/contracts/orders/states'
import type { RefundDestination, RefundState } from '@shop/contracts/payments/states'
import type { CurrencyCode } from '@shop/kernel/currencies'
import type { OrderId, PaymentId, RefundId } from '@shop/kernel/ids'
import { toMajor } from '@shop/kernel/money'
import type { RefundEvent, WrittenEvent } from '../../events/domain/order-events.ts'

export type Refund = {
  id: RefundId
  paymentId: PaymentId
  orderId: OrderId
  /** Minor units. While the refund is pending they are reserved: no other refund can use them. */
  amount: number
  currency: CurrencyCode
  state: RefundState
  destination: RefundDestination
  /** The first part of the same refund, which is made first. Null for the first part. */
  partOf: RefundId | null
  stripeRefundId: string | null
  reason: string
  /** Who requested it. */
  actor: OrderActor
  /** Why it failed: Stripe's code. */
  failure: string | null
  /** While a call to Stripe is under way: when it counts as lost. */
  leaseUntil: Date | null
  createdAt: Date
}

/** A refund as Stripe reports it; amount in minor units. */
export type RefundReport = {
  stripeRefundId: string
  /** From the metadata. Null for a refund that was made in Stripe's dashboard. */
  refundId: RefundId | null
  intentId: string | null
  amount: number
  currency: CurrencyCode
  state: RefundState
  /** Why it failed: Stripe's code. */
  failure: string | null
}

/**
 * The answer to a request for a refund: from Stripe, or from orders for a refund to gift cards (`credited`). `refused` and `unknown` are
 * as in `StripeAnswer`; `absent`: a look-up found no refund.
 */
export type RefundAnswer =
  | { kind: 'refund'; report: RefundReport }
  | { kind: 'credited' }
  | { kind: 'refused'; reason: string }
  | { kind: 'unknown'; isReplayed: boolean }
  | { kind: 'absent' }

/**
 * What is known of a refund: from Stripe, or because Stripe will not make it (`stripeRefundId` null).
 *
 * `isFailureKnown`: a failure need not be listed for staff, since the caller is told at once or the refund is made anew.
 */
export type RefundOutcome = Omit<RefundReport, 'stripeRefundId' | 'intentId'> & {
  stripeRefundId: string | null
  isFailureKnown: boolean
  now: Date
}

/** The refund as it is now, the change that this report made, and the event of the change, if it is one for orders. */
export type SettledRefund = {
  refund: Refund
  change: 'succeeded' | 'failed' | 'returned' | undefined
  announcement: WrittenEvent<RefundEvent> | undefined
}

/**
 * `isSkipped`: staff have skipped the event of its success, so its order will never know of it. `hasStandingPart`: another part of the
 * same refund is pending or succeeded.
 */
export type ToldRefund = { refund: Refund; isSkipped: boolean; hasStandingPart: boolean }

/** The reason of refunds that the shop makes itself, because the order could not take the money. */
export const ORDER_CANCELLED = 'order_cancelled'

/** The reason of a refund of staff who gave none, or whose customer was erased. */
export const NO_REASON_GIVEN = 'requested_by_staff'

/** Why a refund failed that Stripe has no trace of. */
export const NOT_MADE = 'not_made'

/** Whether a failed refund is made anew at once, so that its failure means nothing to its order. */
export const isMadeAnew = (refund: Pick<Refund, 'actor' | 'reason' | 'failure'>) =>
  refund.failure === NOT_MADE && isAutomatic(refund)

export const isAutomatic = ({ actor, reason }: Pick<Refund, 'actor' | 'reason'>) =>
  actor.kind === 'system' && reason === ORDER_CANCELLED

/** Stripe keeps the answer of a key for a day; less and plus a margin for clocks and late calls. */
const KEY_HOURS = 23
const GIVE_UP_HOURS = 25
const HOUR_MS = 3_600_000

/**
 * How to find out what became of a refund whose answer is unknown.
 *
 * - `ask`: ask again with its key, which makes the refund if it has not been made.
 * - `look_up`: only look it up, since Stripe may have forgotten the key.
 * - `give_up`: look it up once more; if Stripe has none, it failed.
 */
export function howToResumeRefund(refund: Pick<Refund, 'createdAt'>, now: Date): 'ask' | 'look_up' | 'give_up' {
  const age = now.getTime() - refund.createdAt.getTime()
  if (age < KEY_HOURS * HOUR_MS) return 'ask'
  return age < GIVE_UP_HOURS * HOUR_MS ? 'look_up' : 'give_up'
}

/** The result of a request for a refund, settled from what Stripe answered. Undefined while its outcome is unknown. */
export function refundOutcome(
  refund: Refund,
  answer: RefundAnswer,
): Omit<RefundOutcome, 'isFailureKnown' | 'now'> | undefined {
  const { id: refundId, stripeRefundId, amount, currency } = refund
  switch (answer.kind) {
    case 'unknown':
      return undefined
    case 'refund': {
      const { intentId: _, ...report } = answer.report
      return { ...report, refundId }
    }
    case 'credited':
      return { refundId, stripeRefundId, amount, currency, state: 'succeeded', failure: null }
    case 'refused':
      return { refundId, stripeRefundId, amount, currency, state: 'failed', failure: answer.reason }
    case 'absent':
      return { refundId, stripeRefundId, amount, currency, state: 'failed', failure: NOT_MADE }
  }
}

/**
 * How a further part of a refund continues, decided from the first part. The first part moves money before the others, so that a refund
 * whose units were released moves none.
 */
export function howToFollow({
  state,
  stripeRefundId,
}: Pick<Refund, 'state' | 'stripeRefundId'>): 'make' | 'wait' | 'give_up' {
  if (state === 'failed') return 'give_up'
  return state === 'succeeded' || stripeRefundId !== null ? 'make' : 'wait'
}

/** The details that payments adds to the events of a refund for orders. */
export const detailsOf = (refund: Refund, hasStandingPart = false): RefundDetails => ({
  reason: refund.reason,
  actor: refund.actor,
  isCredit: refund.destination !== 'card',
  isCounted: refund.destination === 'given' && isAutomatic(refund),
  isReversal: isAutomatic(refund),
  partOf: refund.partOf ?? undefined,
  hasStandingPart,
})

/** A refund at Stripe that cannot be booked, since less than its amount is left of the payment. */
export function differenceToReport({ stripeRefundId, amount, currency, state }: RefundReport, paymentId: PaymentId) {
  const stripe = `${toMajor(amount, currency)} ${currency}, ${state}`
  return { kind: 'refund_not_booked', subject: stripeRefundId, paymentId, stripe, shop: null } as const
}
