import { found, type Work } from '../api/endpoint.ts'
import { ApiError, docUrl, noSuch, unexpectedState } from '../api/errors.ts'
import type { PaymentIntent } from '../store/objects.ts'
import { attempt } from './attempt.ts'
import { loadIntent, saveIntent } from './intent.ts'

export type Authentication = 'complete' | 'fail'

const CODE = 'payment_intent_authentication_failure'
const MESSAGE =
  'The provided PaymentMethod has failed authentication. You can provide payment_method_data or a new PaymentMethod ' +
  'to attempt to fulfill this PaymentIntent again.'

/**
 * Completes or fails the customer's authentication. A completed one attempts the payment, which may still be declined;
 * a failed one requires another payment method.
 *
 * @throws ApiError 400 when the payment does not require authentication
 */
export function authenticateIntent(work: Work, id: string, outcome: Authentication): PaymentIntent {
  const intent = loadIntent(work, id)
  if (intent.status !== 'requires_action') {
    throw unexpectedState(`PaymentIntent ${id} requires no authentication: its status is ${intent.status}.`, intent)
  }
  const methodId = intent.payment_method ?? ''
  const method = found(work.store.find('payment_method', methodId), noSuch('PaymentMethod', methodId, 'payment_method'))
  if (outcome === 'complete') {
    try {
      return saveIntent(work, attempt(work, intent, method, { offSession: false, isAuthenticated: true }))
    } catch (error) {
      // The decline is recorded. No request waits for the error.
      if (error instanceof ApiError && error.status === 402) return loadIntent(work, id)
      throw error
    }
  }
  const failed = saveIntent(work, {
    ...intent,
    status: 'requires_payment_method',
    payment_method: null,
    next_action: null,
    last_payment_error: {
      type: 'invalid_request_error',
      code: CODE,
      doc_url: docUrl(CODE),
      message: MESSAGE,
      payment_method: method,
    },
  })
  work.emit('payment_intent.payment_failed', failed)
  return failed
}
