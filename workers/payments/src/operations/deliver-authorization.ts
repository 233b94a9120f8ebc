import type { AuthorizedPayment } from '@shop/contracts'
import type { OrderId, PaymentId } from '@shop/kernel'
import type { PaymentsDeps } from '../ports.ts'
import { cancelIntent } from './cancel-intent.ts'
import { confirmLater } from './confirm-later.ts'

/** Tells orders of an authorization until it has answered: it took it, or it is voided; see {@link deliverCapture}. */
export async function deliverAuthorization(
  deps: PaymentsDeps,
  payment: AuthorizedPayment,
): Promise<'authorized' | 'void' | 'pending'> {
  const applied = await deps.orders.applyAuthorization(payment)
  if (!applied.ok) return 'pending'
  if (applied.value.outcome === 'void' && !(await voidAuthorization(deps, payment.paymentId))) return 'pending'
  confirmLater(deps, { kind: 'authorized', key: payment.paymentId })
  return applied.value.outcome
}

async function voidAuthorization(deps: PaymentsDeps, paymentId: PaymentId): Promise<boolean> {
  const payment = await deps.store.find(paymentId)
  if (payment?.intentId == null || payment.state !== 'requires_capture') return true
  return cancelIntent(deps, payment, payment.intentId)
}

/** Tells orders that an authorization ended without a capture. */
export async function deliverAuthorizationLost(
  deps: PaymentsDeps,
  payment: { orderId: OrderId; paymentId: PaymentId },
): Promise<void> {
  const applied = await deps.orders.applyAuthorizationLost(payment)
  if (applied.ok) confirmLater(deps, { kind: 'authorization_lost', key: payment.paymentId })
}
