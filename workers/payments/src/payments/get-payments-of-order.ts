import type { OrderCredentials } from '@shop/contracts/orders/access'
import type { PaymentNotFound } from '@shop/contracts/payments/failures'
import type { AccessFailure } from '@shop/kernel/caller'
import { isId } from '@shop/kernel/ids'
import { ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { PaymentsDeps } from '../deps.ts'
import type { Payment } from './domain/payment.ts'
import { checkAccess } from './find-payment.ts'

export type PaymentsOfOrder = { newest: Payment; payments: Payment[] }

/** The payments of an order, newest first, for its owner or for staff. An order without any reads as not found. */
export async function getPaymentsOfOrder(
  deps: Pick<PaymentsDeps, 'payments' | 'orders'>,
  access: OrderCredentials,
  orderId: string,
): Promise<Result<PaymentsOfOrder, AccessFailure | PaymentNotFound | ServiceUnavailable>> {
  const payments = isId('order', orderId) ? await deps.payments.ofOrder(orderId) : []
  // Payments of one order belong to the same person.
  const newest = await checkAccess(deps, access, payments[0])
  return newest.ok ? ok({ newest: newest.value, payments }) : newest
}
