import {
  type AuthenticationRequired,
  type Caller,
  fail,
  isId,
  ok,
  type Payment,
  type PaymentNotFound,
  type Result,
  requireUser,
} from '@shop/contracts'
import { isVisibleTo } from '../domain/payment.ts'
import type { PaymentsDeps } from '../ports.ts'

/** Reads a payment for the owner of its order or for staff. Somebody else's reads as not found. */
export async function getPayment(
  deps: PaymentsDeps,
  caller: Caller,
  paymentId: string,
): Promise<Result<Payment, AuthenticationRequired | PaymentNotFound>> {
  const user = requireUser(caller)
  if (!user.ok) return user
  const payment = isId('payment', paymentId) ? await deps.store.find(paymentId) : undefined
  const mayRead = payment !== undefined && isVisibleTo(payment, user.value)
  return mayRead ? ok(payment) : fail({ code: 'payment_not_found' })
}
