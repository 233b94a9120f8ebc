import { newCharge } from '../charges.ts'
import type { Work } from '../endpoint.ts'
import { ApiError, docUrl } from '../errors.ts'
import type { PaymentIntent, PaymentMethod } from '../objects.ts'
import { testMethodOf } from '../payment-methods/test-method.ts'
import { AUTHENTICATION_REQUIRED, type Decline } from '../test-methods.ts'
import type { Confirmation } from './confirm.ts'
import { saveIntent } from './intent.ts'

/** Tries to take the money: the outcome is that of the test payment method. Returns the intent, not yet saved. */
export function attempt(
  work: Work,
  intent: PaymentIntent,
  method: PaymentMethod,
  confirmation: Confirmation,
): PaymentIntent {
  const { outcome } = testMethodOf(method)
  const started = { ...intent, payment_method: method.id, last_payment_error: null, next_action: null }
  switch (outcome.kind) {
    case 'succeeds':
      return succeed(work, started, method)
    case 'settles_later':
      return process(work, started, method)
    case 'declines':
      throw decline(work, started, method, outcome)
    case 'asks_for_authentication': {
      const nobodyThere = confirmation.offSession || confirmation.errorOnRequiresAction
      if (nobodyThere) throw decline(work, started, method, AUTHENTICATION_REQUIRED)
      return askForAuthentication(work, started, confirmation.returnUrl)
    }
  }
}

function succeed(work: Work, intent: PaymentIntent, method: PaymentMethod): PaymentIntent {
  if (intent.capture_method === 'manual') return authorize(work, intent, method)
  const charge = newCharge(work, intent, method, 'succeeded')
  const paid: PaymentIntent = {
    ...intent,
    status: 'succeeded',
    amount_received: intent.amount,
    latest_charge: charge.id,
  }
  work.emit('charge.succeeded', charge)
  work.emit('payment_intent.succeeded', paid)
  return paid
}

/** The amount is held on the card until it is captured, canceled, or the network lets go of it. */
function authorize(work: Work, intent: PaymentIntent, method: PaymentMethod): PaymentIntent {
  const charge = newCharge(work, intent, method, 'authorized')
  const held: PaymentIntent = {
    ...intent,
    status: 'requires_capture',
    amount_capturable: intent.amount,
    latest_charge: charge.id,
  }
  work.later(intent.id, 'expire_authorization', charge.payment_method_details?.card?.capture_before ?? work.now)
  work.emit('charge.succeeded', charge)
  work.emit('payment_intent.amount_capturable_updated', held)
  return held
}

function process(work: Work, intent: PaymentIntent, method: PaymentMethod): PaymentIntent {
  const charge = newCharge(work, intent, method, 'pending')
  const processing: PaymentIntent = { ...intent, status: 'processing', latest_charge: charge.id }
  work.emit('charge.pending', charge)
  work.emit('payment_intent.processing', processing)
  return processing
}

/** Records the decline and returns the 402 to throw. */
function decline(work: Work, intent: PaymentIntent, method: PaymentMethod, refusal: Decline): ApiError {
  const charge = newCharge(work, intent, method, refusal)
  const failed = failedIntent(intent, charge.id, refusal, method)
  saveIntent(work, failed)
  work.emit('charge.failed', charge)
  work.emit('payment_intent.payment_failed', failed)
  return new ApiError(402, {
    type: 'card_error',
    code: refusal.code,
    message: refusal.message,
    charge: charge.id,
    ...(refusal.declineCode && { decline_code: refusal.declineCode }),
    ...(refusal.param && { param: refusal.param }),
    payment_intent: failed,
    payment_method: method,
  })
}

/** Back to the start, ready for another payment method, remembering what went wrong. */
export function failedIntent(
  intent: PaymentIntent,
  chargeId: string,
  refusal: Decline,
  method: PaymentMethod,
): PaymentIntent {
  return {
    ...intent,
    status: 'requires_payment_method',
    payment_method: null,
    next_action: null,
    latest_charge: chargeId,
    last_payment_error: {
      type: 'card_error',
      charge: chargeId,
      code: refusal.code,
      ...(refusal.declineCode && { decline_code: refusal.declineCode }),
      doc_url: docUrl(refusal.code),
      message: refusal.message,
      ...(refusal.param && { param: refusal.param }),
      payment_method: method,
    },
  }
}

function askForAuthentication(work: Work, intent: PaymentIntent, returnUrl: string | undefined): PaymentIntent {
  const url = `${work.origin}/authenticate/${intent.id}`
  const asking: PaymentIntent = {
    ...intent,
    status: 'requires_action',
    next_action: returnUrl
      ? { type: 'redirect_to_url', redirect_to_url: { return_url: returnUrl, url } }
      : { type: 'use_stripe_sdk', use_stripe_sdk: { type: 'three_d_secure_redirect', stripe_js: url } },
  }
  work.emit('payment_intent.requires_action', asking)
  return asking
}
