import type { Payment } from '@shop/contracts'
import { toChargeAmount, toPartAmount } from '../domain/charge.ts'
import type { PaymentsDeps, ProviderAnswer } from '../ports.ts'

/**
 * Makes the call the payment's attempt stands for. Made again, after a crash or a lost answer, it is the same call:
 * Stripe keeps the answer of a key for a day.
 */
export async function askStripe(deps: PaymentsDeps, payment: Payment): Promise<ProviderAnswer> {
  const key = `${payment.id}:${payment.attempt}`
  if (payment.intentId === null) {
    const amount = toChargeAmount({ minor: payment.amount, currency: payment.currency })
    if (!amount.ok) return { kind: 'refused', reason: 'amount_not_chargeable' }
    return deps.provider.createIntent({ payment, amount: amount.value, method: payment.attemptMethod, key })
  }
  if (payment.captureAmount !== null) {
    const amount = toPartAmount({ minor: payment.captureAmount, currency: payment.currency })
    if (!amount.ok) return { kind: 'refused', reason: 'amount_not_chargeable' }
    return deps.provider.captureIntent({ intentId: payment.intentId, amount: amount.value, key })
  }
  // The first attempt is always the one that creates: with an intent there, it has done so.
  if (payment.attemptMethod === null || payment.attempt === 1) return deps.provider.retrieveIntent(payment.intentId)
  return confirm(deps, payment, { intentId: payment.intentId, method: payment.attemptMethod, key })
}

async function confirm(
  deps: PaymentsDeps,
  { customerId, savesMethod }: Payment,
  call: { intentId: string; method: string; key: string },
): Promise<ProviderAnswer> {
  if (customerId !== null) {
    // The intent may have been made before its customer saved a card.
    const { intentId, key } = call
    const answer = await deps.provider.setCustomer({ intentId, customerId, key: `${key}:customer` })
    if (answer.kind !== 'intent' || !answer.intent.state.startsWith('requires_')) return answer
  }
  return deps.provider.confirmIntent({ ...call, savesMethod })
}
