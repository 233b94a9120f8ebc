import type { PaymentId } from '@shop/kernel/ids'
import { addSeconds } from '@shop/kernel/time'
import type { PaymentsDeps } from '../deps.ts'
import { announceRefund, type TellDeps } from '../events/tell-orders.ts'
import type { Payment } from '../payments/domain/payment.ts'
import {
  howToFollow,
  howToResumeRefund,
  isAutomatic,
  NOT_MADE,
  ORDER_CANCELLED,
  type Refund,
  type RefundAnswer,
  refundOutcome,
} from './domain/refund.ts'
import type { NewRefund } from './repository/reservation.ts'

export type ExecuteDeps = TellDeps &
  Pick<PaymentsDeps, 'payments' | 'refunds' | 'stripeRefunds' | 'newRefundId' | 'attemptSeconds'>

/**
 * Makes a reserved refund or finds its outcome: at Stripe, or at orders for a refund to gift cards. While the outcome is unknown, the
 * refund stays pending with its amount reserved, and the sweep retries it.
 *
 * @param payment the refund's payment, or another of its order, if a caller waits for the result; undefined for the sweep
 * @returns the refund afterwards
 */
export async function executeRefund(deps: ExecuteDeps, refund: Refund, payment?: Payment): Promise<Refund> {
  if (refund.state !== 'pending') return refund
  const answer = await askForRefund(deps, refund, payment)
  const outcome = refundOutcome(refund, answer)
  if (outcome === undefined) {
    await deps.refunds.endLease(refund.id)
    return refund
  }
  const isMadeAnew = answer.kind === 'absent' && isAutomatic(refund)
  // The caller's response reports a failure only of the first part.
  const isFailureKnown = isMadeAnew || (payment !== undefined && (refund.partOf === null || answer === GIVEN_UP))
  // The sweep asks Stripe for the new one.
  const anew = isMadeAnew ? automaticRefund(deps, refund.paymentId) : undefined
  const settled = await deps.refunds.settle({ ...outcome, isFailureKnown, now: deps.now() }, anew)
  if (settled === undefined) throw new Error(`There is no refund ${refund.id}`)
  await announceRefund(deps, isMadeAnew ? { ...settled, announcement: undefined } : settled)
  return settled.refund
}

/**
 * Refunds what is left of a payment that its order could not take. Called again, it finds the first refund and asks
 * Stripe for it again.
 *
 * @returns undefined when nothing is left, or staff decide about a refund that failed
 */
export async function refundCancelledOrder(deps: ExecuteDeps, paymentId: PaymentId): Promise<Refund | undefined> {
  const refund = await reserveAutomaticRefund(deps, paymentId)
  return refund && executeRefund(deps, refund)
}

const UNKNOWN = { kind: 'unknown', isReplayed: false } as const

const GIVEN_UP = { kind: 'refused', reason: NOT_MADE } as const

/** Makes the parts of a refund, one after the other. @returns the parts afterwards */
export async function executeParts<R extends Refund[]>(deps: ExecuteDeps, parts: R, payment?: Payment): Promise<R> {
  const made: Refund[] = []
  for (const refund of parts) made.push(await executeRefund(deps, refund, payment))
  // One for each.
  return made as R
}

async function askForRefund(deps: ExecuteDeps, refund: Refund, known: Payment | undefined): Promise<RefundAnswer> {
  // Orders has given it, whatever becomes of the first part.
  if (refund.destination === 'given') return { kind: 'credited' }
  const first = refund.partOf === null ? undefined : await deps.refunds.find(refund.partOf)
  const way = first === undefined ? 'make' : howToFollow(first)
  if (way !== 'make') return way === 'wait' ? UNKNOWN : GIVEN_UP
  return refund.destination === 'card' ? askStripe(deps, refund, known) : askOrders(deps, refund)
}

/** Safe to repeat: orders makes each credit once, by the id of the refund. */
async function askOrders({ orders }: ExecuteDeps, refund: Refund): Promise<RefundAnswer> {
  const { id: refundId, orderId, amount, currency, destination } = refund
  const credit = { orderId, refundId, amount, currency }
  const credited = await (destination === 'gift_cards'
    ? orders.creditGiftCards(credit)
    : orders.issueStoreCredit(credit))
  if (credited.ok) return { kind: 'credited' }
  const { code } = credited.failure
  return code === 'service_unavailable' ? UNKNOWN : { kind: 'refused', reason: code }
}

async function askStripe(deps: ExecuteDeps, refund: Refund, known: Payment | undefined): Promise<RefundAnswer> {
  // Asking again with the key would only repeat the first answer, which was that it is pending.
  if (refund.stripeRefundId !== null) {
    const seen = await deps.stripeRefunds.retrieve(refund.stripeRefundId)
    // A refusal to show it, as for the key of another account, says nothing about the money.
    return seen.kind === 'refused' ? UNKNOWN : seen
  }
  const payment = known?.id === refund.paymentId ? known : await deps.payments.find(refund.paymentId)
  const intentId = payment?.intentId ?? null
  if (intentId === null) throw new Error(`Refund ${refund.id} has no charge to refund`)
  const way = howToResumeRefund(refund, deps.now())
  if (way === 'ask') {
    const answer = await deps.stripeRefunds.create(refund, intentId)
    // A server error that Stripe repeats for the key is all it will ever say: whether it acted has to be looked up.
    const isFinal = answer.kind === 'unknown' && answer.isReplayed
    return isFinal ? deps.stripeRefunds.find({ intentId, refundId: refund.id }) : answer
  }
  const found = await deps.stripeRefunds.find({ intentId, refundId: refund.id })
  return found.kind === 'absent' && way === 'look_up' ? UNKNOWN : found
}

type FreshDeps = Pick<ExecuteDeps, 'newRefundId' | 'now' | 'attemptSeconds'>

/** A refund of what is left of a payment that its order could not take. */
function automaticRefund(deps: FreshDeps, paymentId: PaymentId): NewRefund {
  const now = deps.now()
  return {
    id: deps.newRefundId(),
    paymentId,
    amount: undefined,
    reason: ORDER_CANCELLED,
    actor: { kind: 'system' },
    now,
    leaseUntil: addSeconds(now, deps.attemptSeconds),
  }
}

/**
 * Reserves what is left of a payment that its order could not take. Called again, it finds the first refund.
 *
 * @returns undefined when nothing is left, or staff decide about a refund that failed
 */
function reserveAutomaticRefund(
  deps: FreshDeps & Pick<ExecuteDeps, 'refunds'>,
  paymentId: PaymentId,
): Promise<Refund | undefined> {
  return deps.refunds.reserveAutomatic(automaticRefund(deps, paymentId))
}
