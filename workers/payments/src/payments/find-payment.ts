import type { OrderCredentials } from '@shop/contracts/orders/access'
import type { PaymentNotFound } from '@shop/contracts/payments/failures'
import { type AccessFailure, requireStaff, type UserCaller } from '@shop/kernel/caller'
import { isId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { PaymentsDeps } from '../deps.ts'
import { isVisibleTo, type Payment } from './domain/payment.ts'

type Failure = AccessFailure | PaymentNotFound | ServiceUnavailable

/** Checks that the caller may see the payment; otherwise it reads as not found. Without any credentials: sign in first. */
export async function checkAccess(
  deps: Pick<PaymentsDeps, 'orders'>,
  { caller, orderToken }: OrderCredentials,
  payment: Payment | undefined,
): Promise<Result<Payment, Failure>> {
  if (caller.kind === 'anonymous' && orderToken === null) return fail({ code: 'authentication_required' })
  if (payment === undefined) return fail({ code: 'payment_not_found' })
  if (isVisibleTo(payment, caller)) return ok(payment)
  if (orderToken === null) return fail({ code: 'payment_not_found' })
  const visible = await deps.orders.maySeeOrder({ orderId: payment.orderId, caller, orderToken })
  if (!visible.ok) return visible
  return visible.value ? ok(payment) : fail({ code: 'payment_not_found' })
}

/** Finds the payment for staff to act on. The owner of its order gets `forbidden`; others get not found. */
export async function findPaymentForStaff(
  deps: Pick<PaymentsDeps, 'payments' | 'orders'>,
  access: OrderCredentials,
  paymentId: string,
): Promise<Result<{ payment: Payment; staff: UserCaller }, Failure>> {
  const payment = isId('payment', paymentId) ? await deps.payments.find(paymentId) : undefined
  const visible = await checkAccess(deps, access, payment)
  if (!visible.ok) return visible
  const staff = requireStaff(access.caller)
  return staff.ok ? ok({ payment: visible.value, staff: staff.value }) : staff
}
