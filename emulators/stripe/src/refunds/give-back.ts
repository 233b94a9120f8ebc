import type Stripe from 'stripe'
import { format } from '../currencies.ts'
import { found, type Work } from '../endpoint.ts'
import { invalidRequest, noSuch } from '../errors.ts'
import type { Charge, Refund } from '../objects.ts'
import { testMethodOf } from '../payment-methods/test-method.ts'
import { newRefund, previousRefunded, refundOnCharge, withReference } from './refund.ts'

/** How long a refund's later outcome is in coming, unless a test settles it or moves the clock. */
const LATER_SECONDS = 5

export interface WantedRefund {
  amount: number | undefined
  reason: Stripe.Refund.Reason | null
  metadata: Stripe.Metadata
}

/**
 * Gives money back, at once or, where the test card says so, later or only seemingly.
 *
 * For a card the answer says `succeeded`; its reference number follows in `refund.updated`.
 *
 * @throws ApiError when the charge is disputed or not that much of it is left
 */
export function giveBack(work: Work, charge: Charge, wanted: WantedRefund): Refund {
  checkNotDisputed(work, charge)
  const left = charge.amount - charge.amount_refunded
  if (left === 0) {
    throw invalidRequest(`Charge ${charge.id} has already been refunded.`, { code: 'charge_already_refunded' })
  }
  const amount = wanted.amount ?? left
  if (amount > left) throw tooMuch(charge, amount, left)
  const outcome = refundOutcome(work, charge)
  const drawn = newRefund(work, charge, { ...wanted, amount })
  const created: Refund = outcome === 'pending' ? { ...drawn, status: 'pending', pending_reason: 'processing' } : drawn
  const kept = outcome === 'pending' ? created : withReference(created, charge)
  work.store.insert('refund', kept)
  const charged = refundOnCharge(work, charge, amount)
  work.emit('refund.created', created)
  work.emit('charge.refunded', charged, previousRefunded(charge, charged))
  if (outcome === 'pending') {
    work.later(created.id, 'complete_refund', work.now + LATER_SECONDS)
    return created
  }
  work.emit('refund.updated', kept, { destination_details: created.destination_details })
  if (outcome === 'fails_later') work.later(created.id, 'fail_refund', work.now + LATER_SECONDS)
  return created
}

/** The charge to refund: the one named, or the one the PaymentIntent succeeded with. */
export function chargeToRefund(work: Work, target: { charge: string | undefined; intent: string | undefined }): Charge {
  if (target.charge !== undefined) {
    const charge = found(work.store.find('charge', target.charge), noSuch('charge', target.charge, 'charge'))
    if (isRefundable(charge)) return charge
    const why = charge.status === 'succeeded' ? 'it has not been captured' : `its status is ${charge.status}`
    throw invalidRequest(`Charge ${charge.id} is not refundable: ${why}.`, { code: 'charge_not_refundable' })
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
  return charge.status === 'succeeded' && charge.captured
}

function checkNotDisputed(work: Work, charge: Charge): void {
  if (!charge.disputed) return
  const disputes = work.store.page('dispute', { where: { charge: charge.id }, limit: 100 })
  if (disputes.every((dispute) => dispute.is_charge_refundable)) return
  throw invalidRequest(`Charge ${charge.id} has been charged back; cannot issue a refund.`, { code: 'charge_disputed' })
}

function tooMuch(charge: Charge, amount: number, left: number) {
  const limit = charge.amount_refunded > 0 ? 'unrefunded amount on charge' : 'charge amount'
  const [asked, most] = [format(amount, charge.currency), format(left, charge.currency)]
  return invalidRequest(`Refund amount (${asked}) is greater than ${limit} (${most})`, { param: 'amount' })
}

function refundOutcome(work: Work, charge: Charge): 'succeeds' | 'pending' | 'fails_later' {
  const method = work.store.find('payment_method', charge.payment_method)
  return (method && testMethodOf(method).refunds) ?? 'succeeds'
}
