import { type InvalidSignature, ok, type Result } from '@shop/contracts'
import type { PaymentsDeps } from '../ports.ts'
import { followUp } from './follow-up.ts'

/**
 * Takes a Stripe webhook: once, however often and in whatever order it comes. What it says of a PaymentIntent of ours
 * goes the same way as an API reply; anything else is kept and acknowledged.
 */
export async function handleWebhook(
  deps: PaymentsDeps,
  request: { body: string; signature: string },
): Promise<Result<undefined, InvalidSignature>> {
  const receivedAt = deps.now()
  const read = await deps.provider.readWebhook({ ...request, now: receivedAt })
  if (!read.ok) return read
  const { intent, ...event } = read.value
  const received = { ...event, receivedAt }
  if (intent === null || intent.paymentId === null) {
    await deps.store.recordIgnoredEvent(received)
    return ok()
  }
  const { paymentId } = intent
  const applied = await deps.store.applyState(
    { ...intent, paymentId, attempt: null, observedAt: event.createdAt },
    received,
  )
  if (applied?.captured || applied?.payment.state === 'processing') await followUp(deps, applied.payment)
  return ok()
}
