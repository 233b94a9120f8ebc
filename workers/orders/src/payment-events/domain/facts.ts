import type { DisputeDetails } from '@shop/contracts/orders/rpc'
import { type CurrencyCode, isCurrencyCode } from '@shop/kernel/currencies'
import { isId, type OrderId, type PaymentId, type RefundId } from '@shop/kernel/ids'

/** The facts in an event of a payment. `amount` is what was due for the charge, in minor units. */
export type PaymentFact = {
  orderId: OrderId
  paymentId: PaymentId
  chargeNo: number
  amount: number
  currency: CurrencyCode
}

/**
 * `captured`: what was captured so far. It is less than `amount` while more may be captured, and in the end when a part of the
 * authorization was released. `isOpen`: more may follow. Default: false.
 */
export type CaptureFact = PaymentFact & { captured: number; isOpen?: boolean }

/** `captured` is the captured amount of the refunded payment. Amounts in minor units. */
export type RefundFact = {
  orderId: OrderId
  paymentId: PaymentId
  refundId: RefundId
  amount: number
  captured: number
}

/** The disputes of all payments of an order together: what banks hold, and what they have returned. Amounts in minor units. */
export type DisputeFact = { orderId: OrderId; paymentId: PaymentId; disputed: number; chargedBack: number }

type PaymentPayload = {
  orderId: string
  paymentId: string
  chargeNo: number
  amount: number
  currency: string
  capturedAmount: number
  state: string
}
type RefundPayload = { orderId: string; paymentId: string; refundId: string; amount: number; capturedAmount: number }

/** Undefined when an id or the currency is malformed. */
export function captureFactOf(payload: PaymentPayload): CaptureFact | undefined {
  const { orderId, paymentId, chargeNo, amount, currency, capturedAmount: captured, state } = payload
  if (!isId('order', orderId) || !isId('payment', paymentId) || !isCurrencyCode(currency)) return undefined
  return { orderId, paymentId, chargeNo, amount, currency, captured, isOpen: state === 'requires_capture' }
}

/** Undefined when an id is malformed. */
export function refundFactOf(payload: RefundPayload): RefundFact | undefined {
  const { orderId, paymentId, refundId, amount, capturedAmount: captured } = payload
  if (!isId('order', orderId) || !isId('payment', paymentId) || !isId('refund', refundId)) return undefined
  return { orderId, paymentId, refundId, amount, captured }
}

/** Undefined when the id is malformed. */
export function disputeFactOf({ paymentId }: { paymentId: string }, details: DisputeDetails): DisputeFact | undefined {
  return isId('payment', paymentId) ? { paymentId, ...details } : undefined
}
