import type { PaymentNotFound, Refund } from '@shop/contracts'
import type { ServiceUnavailable } from '@shop/kernel'
import { type AccessFailure, isId, ok, type Result } from '@shop/kernel'
import type { PaymentsDeps } from '../ports.ts'
import { type Access, seePayment } from './see-payment.ts'

/** The refunds of a payment, oldest first, for the owner of its order and for staff. */
export async function listRefunds(
  deps: PaymentsDeps,
  access: Access,
  paymentId: string,
): Promise<Result<Refund[], AccessFailure | PaymentNotFound | ServiceUnavailable>> {
  const payment = isId('payment', paymentId) ? await deps.store.find(paymentId) : undefined
  const seen = await seePayment(deps, access, payment)
  return seen.ok ? ok(await deps.store.refundsOf(seen.value.id)) : seen
}
