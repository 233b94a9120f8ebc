import type Stripe from 'stripe'
import { format } from './currencies.ts'
import { type Endpoint, found, type Work } from './endpoint.ts'
import { invalidRequest, noSuch } from './errors.ts'
import { newId, token } from './ids.ts'
import { listEndpoint } from './list.ts'
import type { Charge, Refund } from './objects.ts'
import { Params } from './params.ts'

const REASONS = ['duplicate', 'fraudulent', 'requested_by_customer'] as const

const createRefund: Endpoint = {
  method: 'POST',
  path: '/v1/refunds',
  answers: 'refund',
  prepare({ form }) {
    const params = new Params(form, {
      takes: ['payment_intent', 'charge', 'amount', 'reason', 'metadata'],
      unsupported: [
        'currency',
        'customer',
        'instructions_email',
        'origin',
        'refund_application_fee',
        'reverse_transfer',
      ],
    })
    const target = { charge: params.string('charge'), intent: params.string('payment_intent') }
    if (target.charge === undefined && target.intent === undefined) {
      throw invalidRequest('One of the following params should be provided for this request: payment_intent or charge.')
    }
    const amount = params.integer('amount')
    if (amount !== undefined && amount < 1) throw invalidRequest('Invalid positive integer', { param: 'amount' })
    const reason = params.oneOf('reason', REASONS) ?? null
    const metadata = params.metadata({})
    return (work) => refund(work, chargeToRefund(work, target), { amount, reason, metadata })
  },
}

/** Gives money back at once: the answer says `succeeded`, the card's reference number follows in `refund.updated`. */
function refund(
  work: Work,
  charge: Charge,
  wanted: { amount: number | undefined; reason: Stripe.Refund.Reason | null; metadata: Stripe.Metadata },
): Refund {
  const left = charge.amount_captured - charge.amount_refunded
  if (left === 0) {
    throw invalidRequest(`Charge ${charge.id} has already been refunded.`, { code: 'charge_already_refunded' })
  }
  const amount = wanted.amount ?? left
  if (amount > left) {
    const limit = charge.amount_refunded > 0 ? 'unrefunded amount on charge' : 'charge amount'
    const [asked, most] = [format(amount, charge.currency), format(left, charge.currency)]
    throw invalidRequest(`Refund amount (${asked}) is greater than ${limit} (${most})`, { param: 'amount' })
  }
  const created: Refund = {
    id: newId('re'),
    object: 'refund',
    amount,
    balance_transaction: newId('txn'),
    charge: charge.id,
    created: work.now,
    currency: charge.currency,
    customer: null,
    customer_account: null,
    destination_details: destination(charge, { reference_status: 'pending' }),
    metadata: wanted.metadata,
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason: wanted.reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status: 'succeeded',
    transfer_reversal: null,
  }
  const amount_refunded = charge.amount_refunded + amount
  const charged = { ...charge, amount_refunded, refunded: amount_refunded === charge.amount_captured }
  const updated = {
    ...created,
    destination_details: destination(charge, { reference: token(17), reference_status: 'available' }),
  }
  work.store.update('charge', charged)
  work.store.insert('refund', updated)
  work.emit('refund.created', created)
  work.emit('charge.refunded', charged, {
    amount_refunded: charge.amount_refunded,
    ...(charged.refunded && { refunded: false }),
  })
  work.emit('refund.updated', updated, { destination_details: created.destination_details })
  return created
}

function destination(charge: Charge, reference: { reference?: string; reference_status: string }) {
  if (charge.payment_method_details?.type !== 'card') return { type: charge.payment_method_details?.type ?? 'card' }
  return {
    type: 'card',
    card: { type: 'refund' as const, reference_type: 'acquirer_reference_number', ...reference },
  }
}

function chargeToRefund(work: Work, target: { charge: string | undefined; intent: string | undefined }): Charge {
  if (target.charge !== undefined) {
    const charge = found(work.store.find('charge', target.charge), noSuch('charge', target.charge, 'charge'))
    if (charge.status === 'succeeded') return charge
    throw invalidRequest(`Charge ${charge.id} is not refundable: its status is ${charge.status}.`, {
      code: 'charge_not_refundable',
    })
  }
  const id = target.intent ?? ''
  const intent = found(work.store.find('payment_intent', id), noSuch('payment_intent', id, 'payment_intent'))
  const charge = intent.latest_charge === null ? undefined : work.store.find('charge', intent.latest_charge)
  if (charge?.status === 'succeeded') return charge
  throw invalidRequest(`This PaymentIntent (${id}) does not have a successful charge to refund.`, {
    param: 'payment_intent',
  })
}

const retrieveRefund: Endpoint = {
  method: 'GET',
  path: '/v1/refunds/:id',
  answers: 'refund',
  prepare({ id, form }) {
    new Params(form, { takes: [] })
    return ({ store }) => found(store.find('refund', id), noSuch('refund', id, 'id'))
  },
}

const listRefunds = listEndpoint({ kind: 'refund', path: '/v1/refunds', filters: ['payment_intent', 'charge'] })

export const refundEndpoints = [createRefund, retrieveRefund, listRefunds]
