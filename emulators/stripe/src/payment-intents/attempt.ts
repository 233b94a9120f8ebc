import type { Work } from '../api/endpoint.ts'
import { ApiError, docUrl } from '../api/errors.ts'
import { newCharge } from '../charges/charge.ts'
import { disputeIfTestCard } from '../disputes/endpoints.ts'
import { attach } from '../payment-methods/attach.ts'
import { testMethodOf } from '../payment-methods/test-method-of.ts'
import { AUTHENTICATION_REQUIRED, type Decline } from '../payment-methods/test-methods.ts'
import type { Charge, PaymentIntent, PaymentMethod } from '../store/objects.ts'
import { saveIntent } from './intent.ts'

/** The customer's part in an attempt. */
export interface Attendance {
  /** The customer is not present and cannot authenticate. */
  offSession: boolean
  isAuthenticated?: boolean
  returnUrl?: string | undefined
}

/** Attempts the payment with the outcome of the test payment method. Returns the intent, not yet saved. */
export function attempt(
  work: Work,
  intent: PaymentIntent,
  method: PaymentMethod,
  attendance: Attendance,
): PaymentIntent {
  const test = testMethodOf(method)
  const started = { ...intent, payment_method: method.id, last_payment_error: null, next_action: null }
  if (attendance.isAuthenticated) {
    if (test.declinesAfterAuthentication) throw decline(work, started, method, test.declinesAfterAuthentication)
    return succeed(work, started, method, true)
  }
  switch (test.outcome.kind) {
    case 'succeeds':
      return succeed(work, started, method)
    case 'settles_later':
      return process(work, started, method)
    case 'declines':
      throw decline(work, started, method, test.outcome)
    case 'authenticates_unless_saved':
      if (attendance.offSession && method.customer !== null) return succeed(work, started, method)
      return requireAction(work, started, method, attendance)
    case 'authenticates':
      return requireAction(work, started, method, attendance)
  }
}

/** @throws ApiError 402 when the customer is not present to authenticate */
function requireAction(
  work: Work,
  intent: PaymentIntent,
  method: PaymentMethod,
  attendance: Attendance,
): PaymentIntent {
  if (attendance.offSession) throw decline(work, intent, method, AUTHENTICATION_REQUIRED)
  const { returnUrl } = attendance
  const url = `${work.origin}/authenticate/${intent.id}`
  const waiting: PaymentIntent = {
    ...intent,
    status: 'requires_action',
    next_action: returnUrl
      ? { type: 'redirect_to_url', redirect_to_url: { return_url: returnUrl, url } }
      : { type: 'use_stripe_sdk', use_stripe_sdk: { type: 'three_d_secure_redirect', stripe_js: url } },
  }
  work.emit('payment_intent.requires_action', waiting)
  return waiting
}

function succeed(work: Work, intent: PaymentIntent, method: PaymentMethod, isAuthenticated = false): PaymentIntent {
  if (intent.setup_future_usage !== null && intent.customer !== null) attach(work, method.id, intent.customer)
  const isManual = intent.capture_method === 'manual'
  const charge = newCharge(work, intent, method, isManual ? 'authorized' : 'succeeded', isAuthenticated)
  work.emit('charge.succeeded', charge)
  if (isManual) return authorize(work, intent, charge)
  const paid: PaymentIntent = {
    ...intent,
    status: 'succeeded',
    amount_received: intent.amount,
    latest_charge: charge.id,
  }
  work.emit('payment_intent.succeeded', paid)
  disputeIfTestCard(work, charge)
  return paid
}

/** Authorizes the amount until it is captured or canceled, or the authorization expires. */
function authorize(work: Work, intent: PaymentIntent, charge: Charge): PaymentIntent {
  const authorized: PaymentIntent = {
    ...intent,
    status: 'requires_capture',
    amount_capturable: intent.amount,
    latest_charge: charge.id,
  }
  work.schedule(intent.id, 'expire_authorization', charge.payment_method_details?.card?.capture_before ?? work.now)
  work.emit('payment_intent.amount_capturable_updated', authorized)
  return authorized
}

function process(work: Work, intent: PaymentIntent, method: PaymentMethod): PaymentIntent {
  const charge = newCharge(work, intent, method, 'pending')
  const processing: PaymentIntent = { ...intent, status: 'processing', latest_charge: charge.id }
  work.emit('charge.pending', charge)
  work.emit('payment_intent.processing', processing)
  return processing
}

/** Records the decline. Returns the 402 to throw. */
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

/** The intent after a failed attempt: it accepts another payment method and keeps the error. */
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
