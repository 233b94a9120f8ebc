import type { AmountMismatch, OrderAlreadyPaid, PayableOrder, Payment, PaymentInProgress } from '@shop/contracts'
import { type Caller, type CurrencyCode, fail, isStaff, ok, type Result, toMinor } from '@shop/kernel'

/** What a client may say of the amount; the order decides it. Amounts in major units, as on the wire. */
export type ClaimedAmount = { amount?: number | undefined; currency?: CurrencyCode | undefined }

/** Refuses a client that believes it is paying something else than the order's total. */
export function checkClaimedAmount(order: PayableOrder, claimed: ClaimedAmount): Result<undefined, AmountMismatch> {
  if (claimed.currency !== undefined && claimed.currency !== order.currency) {
    return fail({ code: 'amount_mismatch', field: 'currency' })
  }
  if (claimed.amount === undefined) return ok()
  const minor = toMinor(claimed.amount, order.currency)
  return minor.ok && minor.value === order.total ? ok() : fail({ code: 'amount_mismatch', field: 'amount' })
}

/**
 * The Stripe payment method a request names, under its own or its older field.
 *
 * @returns undefined when it names none: then the client confirms with Stripe. A kind such as `credit_card` is no method
 */
export function methodOf(request: { paymentMethod?: string | undefined; paymentMethodId?: string | undefined }) {
  if (request.paymentMethodId !== undefined) return request.paymentMethodId
  return request.paymentMethod?.startsWith('pm_') ? request.paymentMethod : undefined
}

/**
 * What another call may do with the payment its order already has: `confirm` it with a method, or just `show` it.
 *
 * @returns `payment_in_progress` while Stripe is being asked or the money is on its way
 */
export function nextStep(
  payment: Payment,
  method: string | undefined,
): Result<{ kind: 'show' } | { kind: 'confirm'; method: string }, PaymentInProgress | OrderAlreadyPaid> {
  if (payment.state === 'succeeded' || payment.state === 'requires_capture') return fail({ code: 'order_already_paid' })
  if (payment.attemptUntil !== null || payment.state === 'starting' || payment.state === 'processing') {
    return fail({ code: 'payment_in_progress' })
  }
  return ok(method === undefined ? { kind: 'show' } : { kind: 'confirm', method })
}

/** Whether the payment is the caller's to see by himself: the owner of its order may, and staff. */
export function isVisibleTo(payment: Pick<Payment, 'userId'>, caller: Caller): boolean {
  return isStaff(caller) || (caller.kind === 'user' && payment.userId === caller.userId)
}
