import { found, type Work } from '../api/endpoint.ts'
import { ApiError, invalidRequest, noSuch } from '../api/errors.ts'
import type { PaymentIntent, PaymentMethod, SetupIntent } from '../store/objects.ts'
import { resolvePaymentMethod } from './payment-method.ts'
import { testMethodOf } from './test-method-of.ts'

/**
 * Attaches a payment method to a customer. Repeating it changes nothing.
 *
 * @throws ApiError 402 for a card that the bank declines, 400 for another customer's payment method
 */
export function attach(work: Work, nameOrId: string, customerId: string): PaymentMethod {
  found(work.store.find('customer', customerId), noSuch('customer', customerId, 'customer', 400))
  const method = resolveAttachable(work, nameOrId, customerId)
  if (method.customer === customerId) return method
  const attached: PaymentMethod = { ...method, customer: customerId }
  work.store.update('payment_method', attached)
  work.emit('payment_method.attached', attached)
  return attached
}

/** The payment method, if it can be attached to this customer. Writes nothing about the attachment. */
export function resolveAttachable(work: Work, nameOrId: string, customerId: string): PaymentMethod {
  const method = resolvePaymentMethod(work, nameOrId)
  if (method.customer === customerId) return method
  if (method.customer !== null) {
    throw invalidRequest('The payment method you provided has already been attached to a customer.')
  }
  const { outcome, isAttachable } = testMethodOf(method)
  if (outcome.kind !== 'declines' || isAttachable) return method
  const { code, message, declineCode, param } = outcome
  throw new ApiError(402, {
    type: 'card_error',
    code,
    message,
    ...(declineCode && { decline_code: declineCode }),
    ...(param && { param }),
  })
}

export function detach(work: Work, method: PaymentMethod): PaymentMethod {
  const detached: PaymentMethod = { ...method, customer: null }
  work.store.update('payment_method', detached)
  work.emit('payment_method.detached', detached, { customer: method.customer })
  return detached
}

/** @throws ApiError 400 for another customer's payment method */
export function checkOwner(intent: PaymentIntent | SetupIntent, method: PaymentMethod): void {
  if (method.customer === null || method.customer === intent.customer) return
  const noun = intent.object === 'payment_intent' ? 'PaymentIntent' : 'SetupIntent'
  const advice =
    intent.customer === null
      ? `Please include the Customer in the \`customer\` parameter on the ${noun}.`
      : `It cannot be used with the Customer ${intent.customer} of the ${noun}.`
  throw invalidRequest(`The PaymentMethod ${method.id} belongs to the Customer ${method.customer}. ${advice}`, {
    param: 'payment_method',
  })
}
