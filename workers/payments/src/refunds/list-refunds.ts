import type { OrderCredentials } from '@shop/contracts/orders/access'
import type { PaymentNotFound } from '@shop/contracts/payments/failures'
import type { AccessFailure } from '@shop/kernel/caller'
import { isId } from '@shop/kernel/ids'
import { ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { PaymentsDeps } from '../deps.ts'
import { checkAccess } from '../payments/find-payment.ts'
import type { Refund } from './domain/refund.ts'

/** The refunds of a payment, oldest first, for the owner of its order and for staff. */
export async function listRefunds(
  deps: Pick<PaymentsDeps, 'payments' | 'refunds' | 'orders'>,
  access: OrderCredentials,
  paymentId: string,
): Promise<Result<Refund[], AccessFailure | PaymentNotFound | ServiceUnavailable>> {
  const payment = isId('payment', paymentId) ? await deps.payments.find(paymentId) : undefined
  const visible = await checkAccess(deps, access, payment)
  return visible.ok ? ok(await deps.refunds.ofPayment(visible.value.id)) : visible
}
