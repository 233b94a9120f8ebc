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

export type PaymentsOfOrder = { newest: Payment; payments: Payment[] }

/** The payments of an order, newest first, for its owner or for staff. None reads as not found. */
export async function getPaymentsOfOrder(
  deps: PaymentsDeps,
  caller: Caller,
  orderId: string,
): Promise<Result<PaymentsOfOrder, AuthenticationRequired | PaymentNotFound>> {
  const user = requireUser(caller)
  if (!user.ok) return user
  const payments = isId('order', orderId) ? await deps.store.ofOrder(orderId) : []
  const visible = payments.filter((payment) => isVisibleTo(payment, user.value))
  const [newest] = visible
  return newest === undefined ? fail({ code: 'payment_not_found' }) : ok({ newest, payments: visible })
}
