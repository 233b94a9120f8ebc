import type { Payment } from '@shop/contracts'
import type { PaymentsDeps } from '../ports.ts'
import { cancelIntent } from './cancel-intent.ts'
import { settleIntent } from './settle-answer.ts'

/** Looks at an open payment at Stripe. One whose order does not wait for it any more is called off. */
export async function checkPayment(deps: PaymentsDeps, payment: Payment): Promise<void> {
  if (payment.intentId === null) return
  const askedAt = deps.now()
  const answer = await deps.provider.retrieveIntent(payment.intentId)
  if (answer.kind !== 'intent') {
    if (payment.state === 'processing') await deps.orders.extendOrder(payment.orderId)
    return
  }
  await settleIntent(deps, payment, answer.intent, askedAt)
  // Whether its order wants an authorization it has just been asked.
  if (answer.intent.state === 'requires_capture') return
  if (!answer.intent.state.startsWith('requires_')) return
  const pending = await deps.orders.isPending(payment.orderId)
  if (pending.ok && !pending.value) await cancelIntent(deps, payment, payment.intentId)
}
