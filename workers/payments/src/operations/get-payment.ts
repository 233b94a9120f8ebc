import {
  type AccessFailure,
  isId,
  type Payment,
  type PaymentNotFound,
  type Result,
  type ServiceUnavailable,
} from '@shop/contracts'
import type { PaymentsDeps } from '../ports.ts'
import { type Access, seePayment } from './see-payment.ts'

/** Reads a payment for the owner of its order or for staff. Somebody else's reads as not found. */
export async function getPayment(
  deps: PaymentsDeps,
  access: Access,
  paymentId: string,
): Promise<Result<Payment, AccessFailure | PaymentNotFound | ServiceUnavailable>> {
  return seePayment(deps, access, isId('payment', paymentId) ? await deps.store.find(paymentId) : undefined)
}
