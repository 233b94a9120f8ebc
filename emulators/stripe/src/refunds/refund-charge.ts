import type Stripe from 'stripe'
import { format } from '../api/currencies.ts'
import { found, type Work } from '../api/endpoint.ts'
import { invalidRequest, noSuch } from '../api/errors.ts'
import { testMethodOf } from '../payment-methods/test-method-of.ts'
import type { Charge, Refund } from '../store/objects.ts'
import { newRefund, previousRefunded, refundOnCharge, withReference } from './refund.ts'

/** The delay of a refund's later outcome, unless a test settles it or moves the clock. */
const SETTLE_SECONDS = 5

export interface RefundRequest {
  amount: number | undefined
  reason: Stripe.Refund.Reason | null
  metadata: Stripe.Metadata
}

/**
 * Refunds a charge. The test card decides whether the refund succeeds at once, is pending, or fails later.
 *
 * For a card the answer is `succeeded`; its reference number follows in `refund.updated`.
 *
 * @throws ApiError when the charge is disputed or the refund exceeds the remaining amount
 */
export function refundCharge(work: Work, charge: Charge, request: RefundRequest): Refund {
  checkNotDisputed(work, charge)
  // Of a charge that can be captured again, what was captured so far.
  const remaining = (charge.captured ? charge.amount : charge.amount_captured) - charge.amount_refunded
  if (remaining === 0) {
    throw invalidRequest(`Charge ${charge.id} has already been refunded.`, { code: 'charge_already_refunded' })
  }
  const amount = request.amount ?? remaining
  if (amount > remaining) throw exceedsRemaining(charge, amount, remaining)
  const outcome = refundOutcome(work, charge)
  const initial = newRefund(work, charge, { ...request, amount })
  const created: Refund =
    outcome === 'pending' ? { ...initial, status: 'pending', pending_reason: 'processing' } : initial
  const stored = outcome === 'pending' ? created : withReference(created, charge)
  work.store.insert('refund', stored)
  const charged = refundOnCharge(work, charge, amount)
  work.emit('refund.created', created)
  work.emit('charge.refunded', charged, previousRefunded(charge, charged))
  if (outcome === 'pending') {
    work.schedule(created.id, 'complete_refund', work.now + SETTLE_SECONDS)
    return created
  }
  work.emit('refund.updated', stored, { destination_details: created.destination_details })
  if (outcome === 'fails_later') work.schedule(created.id, 'fail_refund', work.now + SETTLE_SECONDS)
  return created
}

/** The charge to refund: the named one, or the successful charge of the PaymentIntent. */
export function chargeToRefund(work: Work, target: { charge: string | undefined; intent: string | undefined }): Charge {
  if (target.charge !== undefined) {
    const charge = found(work.store.find('charge', target.charge), noSuch('charge', target.charge, 'charge'))
    if (isRefundable(charge)) return charge
    const reason = charge.status === 'succeeded' ? 'it has not been captured' : `its status is ${charge.status}`
    throw invalidRequest(`Charge ${charge.id} is not refundable: ${reason}.`, { code: 'charge_not_refundable' })
  }
  const id = target.intent ?? ''
  const intent = found(work.store.find('payment_intent', id), noSuch('payment_intent', id, 'payment_intent'))
  const charge = intent.latest_charge === null ? undefined : work.store.find('charge', intent.latest_charge)
  if (charge && isRefundable(charge)) return charge
  throw invalidRequest(`This PaymentIntent (${id}) does not have a successful charge to refund.`, {
    param: 'payment_intent',
  })
}

function isRefundable(charge: Charge): boolean {
  return charge.status === 'succeeded' && charge.amount_captured > 0
}

function checkNotDisputed(work: Work, charge: Charge): void {
  if (!charge.disputed) return
  const disputes = work.store.page('dispute', { where: { charge: charge.id }, limit: 100 })
  if (disputes.every((dispute) => dispute.is_charge_refundable)) return
  throw invalidRequest(`Charge ${charge.id} has been charged back; cannot issue a refund.`, { code: 'charge_disputed' })
}

function exceedsRemaining(charge: Charge, amount: number, remaining: number) {
  const limit = charge.amount_refunded > 0 ? 'unrefunded amount on charge' : 'charge amount'
  const [requested, most] = [format(amount, charge.currency), format(remaining, charge.currency)]
  return invalidRequest(`Refund amount (${requested}) is greater than ${limit} (${most})`, { param: 'amount' })
}

function refundOutcome(work: Work, charge: Charge): 'succeeds' | 'pending' | 'fails_later' {
  const method = work.store.find('payment_method', charge.payment_method)
  return (method && testMethodOf(method).refunds) ?? 'succeeds'
}
