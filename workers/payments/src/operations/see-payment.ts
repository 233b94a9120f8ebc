import type { Payment, PaymentNotFound } from '@shop/contracts'
import {
  type AccessFailure,
  type Caller,
  fail,
  isId,
  ok,
  type Result,
  requireStaff,
  type ServiceUnavailable,
  type UserCaller,
} from '@shop/kernel'
import { isVisibleTo } from '../domain/payment.ts'
import type { PaymentsDeps } from '../ports.ts'

/** Who asks: a caller, or whoever holds the token of a guest's order. */
export type Access = { caller: Caller; orderToken: string | null }

/** Whether somebody who asks may see the payment. Nobody at all is told to sign in. */
export async function seePayment(
  deps: PaymentsDeps,
  { caller, orderToken }: Access,
  payment: Payment | undefined,
): Promise<Result<Payment, AccessFailure | PaymentNotFound | ServiceUnavailable>> {
  if (caller.kind === 'anonymous' && orderToken === null) return fail({ code: 'authentication_required' })
  if (payment === undefined) return fail({ code: 'payment_not_found' })
  if (isVisibleTo(payment, caller)) return ok(payment)
  if (orderToken === null) return fail({ code: 'payment_not_found' })
  const seen = await deps.orders.maySeeOrder({ orderId: payment.orderId, caller, orderToken })
  if (!seen.ok) return seen
  return seen.value ? ok(payment) : fail({ code: 'payment_not_found' })
}

/** The payment for staff to act on. Its owner may see it and is told that he may not; for others it is not there. */
export async function takePayment(
  deps: PaymentsDeps,
  access: Access,
  paymentId: string,
): Promise<Result<{ payment: Payment; staff: UserCaller }, AccessFailure | PaymentNotFound | ServiceUnavailable>> {
  const payment = isId('payment', paymentId) ? await deps.store.find(paymentId) : undefined
  const seen = await seePayment(deps, access, payment)
  if (!seen.ok) return seen
  const staff = requireStaff(access.caller)
  return staff.ok ? ok({ payment: seen.value, staff: staff.value }) : staff
}
