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
      accepts: ['amount_to_capture', 'final_capture', 'metadata'],
      unsupported: (
        'amount_details application_fee_amount hooks payment_details statement_descriptor ' +
        'statement_descriptor_suffix transfer_data'
      ).split(' '),
    })
    const amount = params.integer('amount_to_capture')
    const isFinal = params.boolean('final_capture') ?? true
    params.metadata({})
    return (work) => {
      const intent = loadIntent(work, id)
      // Only a release of what is left may capture nothing.
      const minimum = isFinal && intent.amount_received > 0 ? 0 : 1
      if (amount !== undefined && amount < minimum) {
        throw invalidRequest(`This value must be greater than or equal to ${minimum}.`, {
          code: 'parameter_invalid_integer',
          param: 'amount_to_capture',
        })
      }
      if (intent.status !== 'requires_capture') throw notCapturable(intent)
      const changed = { ...intent, metadata: params.metadata(intent.metadata) }
      return capture(work, changed, { amount: amount ?? intent.amount_capturable, isFinal })
    }
  },
}

/**
 * Captures `amount`. A final capture releases the rest; after any other the intent still requires capture.
 * Source: https://docs.stripe.com/payments/multicapture
 */
function capture(
  work: Work,
  intent: PaymentIntent,
  { amount, isFinal }: { amount: number; isFinal: boolean },
): PaymentIntent {
  if (amount > intent.amount_capturable) {
    throw invalidRequest('The requested capture amount is greater than the amount you can capture for this charge.', {
      code: 'amount_too_large',
      param: 'amount_to_capture',
    })
  }
  const authorized = authorizedCharge(work, intent)
  if (!isFinal && authorized.payment_method_details?.card?.multicapture?.status !== 'available') {
    throw invalidRequest(
      'You cannot set final_capture to false, because multicapture is not available for this charge.',
      {
        param: 'final_capture',
      },
    )
  }
  const charge: Charge = {
    ...authorized,
    amount_captured: authorized.amount_captured + amount,
    balance_transaction: amount === 0 ? authorized.balance_transaction : newId('txn'),
  }
  return isFinal ? captureLast(work, intent, { authorized, charge }) : captureMore(work, intent, { authorized, charge })
}

type Captured = { authorized: Charge; charge: Charge }

/** A capture that leaves the rest authorized. The charge counts as captured only after the final one. */
function captureMore(work: Work, intent: PaymentIntent, { authorized, charge }: Captured): PaymentIntent {
  work.store.update('charge', charge)
  const left = saveIntent(work, {
    ...intent,
    amount_capturable: charge.amount - charge.amount_captured,
    amount_received: charge.amount_captured,
  })
  work.emit('charge.updated', charge, previousCaptured(authorized))
  work.emit('payment_intent.amount_capturable_updated', left, {
    amount_capturable: intent.amount_capturable,
    amount_received: intent.amount_received,
  })
  return left
}

function captureLast(work: Work, intent: PaymentIntent, { authorized, charge }: Captured): PaymentIntent {
  const captured = completeCharge(work, charge)
  const paid = saveIntent(work, {
    ...intent,
    status: 'succeeded',
    amount_capturable: 0,
    amount_received: captured.amount_captured,
  })
  work.unschedule(intent.id)
  work.emit('charge.captured', captured, { captured: false, ...previousCaptured(authorized) })
  work.emit('payment_intent.succeeded', paid)
  disputeIfTestCard(work, captured)
  return paid
}

/** Ends the authorization of a charge of which something was captured: it is captured, and the rest is released. */
export function completeCharge(work: Work, charge: Charge): Charge {
  const whole: Charge = { ...charge, captured: true }
  const rest = charge.amount - charge.amount_captured
  if (rest > 0) return releaseAuthorization(work, whole, rest)
  work.store.update('charge', whole)
  return whole
}

const previousCaptured = ({ amount_captured, balance_transaction }: Charge) => ({
  amount_captured,
  balance_transaction,
})

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
