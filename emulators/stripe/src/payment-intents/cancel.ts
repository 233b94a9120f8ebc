import type { Endpoint, Work } from '../api/endpoint.ts'
import { unexpectedState } from '../api/errors.ts'
import { Params } from '../api/params.ts'
import { previousRefunded, releaseAuthorization } from '../refunds/refund.ts'
import type { PaymentIntent } from '../store/objects.ts'
import { authorizedCharge, completeCharge } from './capture.ts'
import { loadIntent, saveIntent } from './intent.ts'

const REASONS = ['abandoned', 'duplicate', 'fraudulent', 'requested_by_customer'] as const

/** Stripe allows `processing` "in rare cases". Here a processing bank debit cannot be canceled. */
const CANCELLABLE = ['requires_payment_method', 'requires_capture', 'requires_confirmation', 'requires_action']

export const cancelPaymentIntent: Endpoint = {
  method: 'POST',
  path: '/v1/payment_intents/:id/cancel',
  answers: 'payment_intent',
  prepare({ id, form }) {
    const params = new Params(form, { accepts: ['cancellation_reason'] })
    const reason = params.oneOf('cancellation_reason', REASONS) ?? null
    return (work) => {
      const intent = loadIntent(work, id)
      if (!CANCELLABLE.includes(intent.status)) throw notCancellable(intent)
      return cancelIntent(work, intent, reason, 'charge.refunded')
    }
  },
}

/** Cancels an intent whose authorization was not captured in time. One that was captured in part succeeds with that part. */
export function expireAuthorization(work: Work, id: string): PaymentIntent {
  const intent = loadIntent(work, id)
  if (intent.status !== 'requires_capture') throw notCancellable(intent)
  if (intent.amount_received === 0) return cancelIntent(work, intent, 'automatic', 'charge.expired')
  releaseRest(work, intent)
  const paid = saveIntent(work, { ...intent, status: 'succeeded', amount_capturable: 0 })
  work.emit('payment_intent.succeeded', paid)
  return paid
}

/** Ends an authorization that was captured in part. */
function releaseRest(work: Work, intent: PaymentIntent): void {
  const captured = completeCharge(work, authorizedCharge(work, intent))
  work.unschedule(intent.id)
  work.emit('charge.captured', captured, { captured: false })
}

/** @param released the event for the released authorization, if there is one */
function cancelIntent(
  work: Work,
  intent: PaymentIntent,
  reason: PaymentIntent['cancellation_reason'],
  released: 'charge.refunded' | 'charge.expired',
): PaymentIntent {
  if (intent.status === 'requires_capture' && intent.amount_received > 0) releaseRest(work, intent)
  else if (intent.status === 'requires_capture') {
    const charge = authorizedCharge(work, intent)
    const changed = releaseAuthorization(work, charge, charge.amount)
    work.unschedule(intent.id)
    work.emit(released, changed, previousRefunded(charge, changed))
  }
  const canceled = saveIntent(work, {
    ...intent,
    status: 'canceled',
    amount_capturable: 0,
    canceled_at: work.now,
    cancellation_reason: reason,
    next_action: null,
  })
  work.emit('payment_intent.canceled', canceled)
  return canceled
}

function notCancellable(intent: PaymentIntent) {
  return unexpectedState(
    `You cannot cancel this PaymentIntent because it has a status of ${intent.status}. Only a PaymentIntent with ` +
      'one of the following statuses may be canceled: requires_payment_method, requires_capture, ' +
      'requires_confirmation, requires_action, processing.',
    intent,
  )
}
