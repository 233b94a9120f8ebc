import type { OrderCredentials } from '@shop/contracts/orders/access'
import type { PaymentNotFound } from '@shop/contracts/payments/failures'
import { forbiddenTo, type NamedCaller, requireScope } from '@shop/kernel/access'
import type { AccessFailure } from '@shop/kernel/caller'
import { isId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { Scope } from '@shop/kernel/scopes'
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
  // An account may have claimed the order of a guest, since the guest paid for it.
  const mayOwn = orderToken !== null || (caller.kind === 'user' && payment.userId === null)
  if (!mayOwn) return fail({ code: 'payment_not_found' })
  const visible = await deps.orders.maySeeOrder({ orderId: payment.orderId, caller, orderToken })
  if (!visible.ok) return visible
  return visible.value ? ok(payment) : fail({ code: 'payment_not_found' })
}

/** Finds the payment for callers with the scope. The owner of its order gets `forbidden`; others get not found. */
export async function findPaymentForStaff(
  deps: Pick<PaymentsDeps, 'payments' | 'orders'>,
  access: OrderCredentials,
  paymentId: string,
  scope: Scope,
): Promise<Result<{ payment: Payment; staff: NamedCaller }, Failure>> {
  const payment = isId('payment', paymentId) ? await deps.payments.find(paymentId) : undefined
  const staff = requireScope(access.caller, scope)
  if (staff.ok && payment !== undefined) return ok({ payment, staff: staff.value })
  const visible = await checkAccess(deps, access, payment)
  return visible.ok ? fail(forbiddenTo(access.caller, scope)) : visible
}
