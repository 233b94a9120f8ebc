import { type Endpoint, found, type Work } from '../api/endpoint.ts'
import { invalidRequest, noSuch, unexpectedState } from '../api/errors.ts'
import { Params } from '../api/params.ts'
import { disputeIfTestCard } from '../disputes/endpoints.ts'
import { releaseAuthorization } from '../refunds/refund.ts'
import { newId } from '../store/ids.ts'
import type { Charge, PaymentIntent } from '../store/objects.ts'
import { loadIntent, saveIntent } from './intent.ts'

export const capturePaymentIntent: Endpoint = {
  method: 'POST',
  path: '/v1/payment_intents/:id/capture',
  answers: 'payment_intent',
  prepare({ id, form }) {
    const params = new Params(form, {
      accepts: ['amount_to_capture', 'metadata'],
      unsupported: (
        'amount_details application_fee_amount final_capture hooks payment_details statement_descriptor ' +
        'statement_descriptor_suffix transfer_data'
      ).split(' '),
    })
    const amount = params.integer('amount_to_capture')
    if (amount !== undefined && amount < 1) {
      throw invalidRequest('This value must be greater than or equal to 1.', {
        code: 'parameter_invalid_integer',
        param: 'amount_to_capture',
      })
    }
    params.metadata({})
    return (work) => {
      const intent = loadIntent(work, id)
      if (intent.status !== 'requires_capture') throw notCapturable(intent)
      return capture(
        work,
        { ...intent, metadata: params.metadata(intent.metadata) },
        amount ?? intent.amount_capturable,
      )
    }
  },
}

/** Captures `amount` and releases the rest, because an authorization can be captured only once. */
function capture(work: Work, intent: PaymentIntent, amount: number): PaymentIntent {
  if (amount > intent.amount_capturable) {
    throw invalidRequest('The requested capture amount is greater than the amount you can capture for this charge.', {
      code: 'amount_too_large',
      param: 'amount_to_capture',
    })
  }
  const authorized = authorizedCharge(work, intent)
  const whole: Charge = { ...authorized, captured: true, amount_captured: amount, balance_transaction: newId('txn') }
  const rest = authorized.amount - amount
  const captured = rest > 0 ? releaseAuthorization(work, whole, rest) : whole
  if (rest === 0) work.store.update('charge', captured)
  work.unschedule(intent.id)
  const paid = saveIntent(work, { ...intent, status: 'succeeded', amount_capturable: 0, amount_received: amount })
  work.emit('charge.captured', captured, { captured: false, amount_captured: 0, balance_transaction: null })
  work.emit('payment_intent.succeeded', paid)
  disputeIfTestCard(work, captured)
  return paid
}

/** The authorized charge of an intent that requires capture. */
export function authorizedCharge(work: Work, intent: PaymentIntent): Charge {
  const id = intent.latest_charge ?? ''
  return found(work.store.find('charge', id), noSuch('charge', id, 'latest_charge'))
}

function notCapturable(intent: PaymentIntent) {
  const reason =
    intent.status === 'succeeded'
      ? 'it has already been captured.'
      : `it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be ` +
        'captured: requires_capture.'
  return unexpectedState(`This PaymentIntent could not be captured because ${reason}`, intent)
}
