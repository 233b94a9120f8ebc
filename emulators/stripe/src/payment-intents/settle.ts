import { found, type Work } from '../api/endpoint.ts'
import { noSuch, unexpectedState } from '../api/errors.ts'
import { resultFields } from '../charges/charge.ts'
import type { Decline } from '../payment-methods/test-methods.ts'
import type { Charge, PaymentIntent } from '../store/objects.ts'
import { failedIntent } from './attempt.ts'
import { loadIntent, saveIntent } from './intent.ts'

const BANK_REFUSED: Decline = {
  kind: 'declines',
  code: 'payment_intent_payment_attempt_failed',
  declineCode: 'insufficient_funds',
  message: "The payment fails because the customer's account has insufficient funds to cover this payment.",
}

/** The bank's answer for a `processing` payment. At Stripe it arrives days later, here when a test settles it. */
export function settleIntent(work: Work, id: string, outcome: 'succeed' | 'fail'): PaymentIntent {
  const intent = loadIntent(work, id)
  if (intent.status !== 'processing') {
    throw unexpectedState(`Only a processing PaymentIntent can be settled; ${id} is ${intent.status}.`, intent)
  }
  const chargeId = intent.latest_charge ?? ''
  const charge = found(work.store.find('charge', chargeId), noSuch('charge', chargeId, 'latest_charge'))
  const settled: Charge = {
    ...charge,
    ...resultFields(outcome === 'succeed' ? 'succeeded' : BANK_REFUSED, charge.amount),
  }
  work.store.update('charge', settled)
  if (outcome === 'succeed') {
    const paid = saveIntent(work, { ...intent, status: 'succeeded', amount_received: intent.amount })
    work.emit('charge.succeeded', settled)
    work.emit('payment_intent.succeeded', paid)
    return paid
  }
  const methodId = intent.payment_method ?? ''
  const method = found(work.store.find('payment_method', methodId), noSuch('PaymentMethod', methodId, 'payment_method'))
  const failed = saveIntent(work, failedIntent(intent, chargeId, BANK_REFUSED, method))
  work.emit('charge.failed', settled)
  work.emit('payment_intent.payment_failed', failed)
  return failed
}
