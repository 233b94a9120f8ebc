import type { Dispute, Payment, PaymentNotFound } from '@shop/contracts'
import { type AccessFailure, isId, isStaff, ok, type Result, type ServiceUnavailable } from '@shop/kernel'
import type { PaymentsDeps } from '../ports.ts'
import { type Access, seePayment } from './see-payment.ts'

/** `disputes` for staff only, newest first. */
export type PaymentDetails = { payment: Payment; disputes: Dispute[] | undefined }

/** Reads a payment for the owner of its order or for staff. Somebody else's reads as not found. */
export async function getPayment(
  deps: PaymentsDeps,
  access: Access,
  paymentId: string,
): Promise<Result<PaymentDetails, AccessFailure | PaymentNotFound | ServiceUnavailable>> {
  const id = isId('payment', paymentId) ? paymentId : undefined
  const [payment, disputes] = await Promise.all([
    id && deps.store.find(id),
    id && isStaff(access.caller) ? deps.records.disputesOf(id) : undefined,
  ])
  const seen = await seePayment(deps, access, payment)
  return seen.ok ? ok({ payment: seen.value, disputes }) : seen
}
