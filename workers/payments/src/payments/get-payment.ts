import type { OrderCredentials } from '@shop/contracts/orders/access'
import type { PaymentNotFound } from '@shop/contracts/payments/failures'
import { hasScope } from '@shop/kernel/access'
import type { AccessFailure } from '@shop/kernel/caller'
import { isId } from '@shop/kernel/ids'
import { ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { PaymentsDeps } from '../deps.ts'
import type { Dispute } from '../disputes/domain/dispute.ts'
import type { Payment } from './domain/payment.ts'
import { checkAccess } from './find-payment.ts'

/** `disputes` for staff only, newest first. */
export type PaymentDetails = { payment: Payment; disputes: Dispute[] | undefined }

/** Reads a payment for the owner of its order or for staff. For others it reads as not found. */
export async function getPayment(
  deps: Pick<PaymentsDeps, 'payments' | 'disputes' | 'orders'>,
  access: OrderCredentials,
  paymentId: string,
): Promise<Result<PaymentDetails, AccessFailure | PaymentNotFound | ServiceUnavailable>> {
  const id = isId('payment', paymentId) ? paymentId : undefined
  const [payment, disputes] = await Promise.all([
    id && deps.payments.find(id),
    id && hasScope(access.caller, 'payments:read') ? deps.disputes.ofPayment(id) : undefined,
  ])
  const visible = await checkAccess(deps, access, payment)
  return visible.ok ? ok({ payment: visible.value, disputes }) : visible
}
