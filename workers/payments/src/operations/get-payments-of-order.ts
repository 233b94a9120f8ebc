import type { Payment, PaymentNotFound } from '@shop/contracts'
import { type AccessFailure, isId, ok, type Result, type ServiceUnavailable } from '@shop/kernel'
import type { PaymentsDeps } from '../ports.ts'
import { type Access, seePayment } from './see-payment.ts'

export type PaymentsOfOrder = { newest: Payment; payments: Payment[] }

/** The payments of an order, newest first, for its owner or for staff. None reads as not found. */
export async function getPaymentsOfOrder(
  deps: PaymentsDeps,
  access: Access,
  orderId: string,
): Promise<Result<PaymentsOfOrder, AccessFailure | PaymentNotFound | ServiceUnavailable>> {
  const payments = isId('order', orderId) ? await deps.store.ofOrder(orderId) : []
  // Payments of one order belong to the same person.
  const newest = await seePayment(deps, access, payments[0])
  return newest.ok ? ok({ newest: newest.value, payments }) : newest
}
