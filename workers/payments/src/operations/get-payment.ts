import {
  type AuthenticationRequired,
  type Caller,
  fail,
  isId,
  isStaff,
  ok,
  type Payment,
  type PaymentNotFound,
  type Result,
  requireUser,
} from '@shop/contracts'
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
  const mayRead = payment !== undefined && (isStaff(caller) || payment.userId === user.value.userId)
  return mayRead ? ok(payment) : fail({ code: 'payment_not_found' })
}
