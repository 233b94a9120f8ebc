import type { Payment, Refund } from '@shop/contracts'
import { addSeconds, type PaymentId } from '@shop/kernel'
import { toPartAmount } from '../domain/charge.ts'
import { wayToResume } from '../domain/refund.ts'
import type { PaymentsDeps, RefundAnswer } from '../ports.ts'
import { followRefund } from './settle-refund.ts'

/** Why a refund failed that Stripe has no trace of. */
const NOT_MADE = 'not_made'
type Answer = RefundAnswer | { kind: 'absent' }

/**
 * Asks Stripe for a refund that was resolved before, or finds out what became of it. An unknown answer leaves it pending,
 * its amount reserved, and the sweep goes on.
 *
 * @param payment what it gives back, where somebody waits for the answer
 * @returns the refund as it is then
 */
export async function executeRefund(deps: PaymentsDeps, refund: Refund, payment?: Payment): Promise<Refund> {
  if (refund.state !== 'pending') return refund
  const answer = await askForRefund(deps, refund, payment)
  if (answer.kind === 'unknown') {
    await deps.store.endRefundLease(refund.id)
    return refund
  }
  const { id: refundId, stripeRefundId, amount, currency } = refund
  const failure = answer.kind === 'refused' ? answer.reason : NOT_MADE
  const outcome =
    answer.kind === 'refund'
      ? { ...answer.report, refundId }
      : { refundId, stripeRefundId, amount, currency, state: 'failed' as const, failure }
  const isMadeAnew = answer.kind === 'absent' && isAutomatic(refund)
  const isFailureKnown = isMadeAnew || payment !== undefined
  const settled = await deps.store.settleRefund({ ...outcome, isFailureKnown, now: deps.now() })
  if (settled === undefined) throw new Error(`There is no refund ${refundId}`)
  await followRefund(deps, settled)
  if (isMadeAnew && settled.change === 'failed') await resolveAutomaticRefund(deps, refund.paymentId)
  return settled.refund
}

/**
 * Resolves to give back what is left of a payment that its order could not take. Done already, it finds the first.
 *
 * @returns undefined when nothing is left
 */
export function resolveAutomaticRefund(deps: PaymentsDeps, paymentId: PaymentId): Promise<Refund | undefined> {
  const now = deps.now()
  return deps.store.resolveRefund({
    id: deps.newRefundId(),
    paymentId,
    amount: null,
    reason: 'order_cancelled',
    actor: { kind: 'system' },
    now,
    leaseUntil: addSeconds(now, deps.attemptSeconds),
  })
}

const isAutomatic = ({ actor, reason }: Refund) => actor.kind === 'system' && reason === 'order_cancelled'

/** `absent`: Stripe has no such refund, and none is on its way there. */
async function askForRefund(deps: PaymentsDeps, refund: Refund, known: Payment | undefined): Promise<Answer> {
  // Asking again with the key would only give the first answer again, which was that it is pending.
  if (refund.stripeRefundId !== null) {
    const seen = await deps.provider.retrieveRefund(refund.stripeRefundId)
    // That it may not be looked at, as with the key of another account, says nothing of the money.
    return seen.kind === 'refused' ? { kind: 'unknown', isReplayed: false } : seen
  }
  const payment = known ?? (await deps.store.find(refund.paymentId))
  const amount = toPartAmount({ minor: refund.amount, currency: refund.currency })
  if (payment?.intentId == null || !amount.ok) throw new Error(`Refund ${refund.id} has no charge to give back`)
  const { intentId } = payment
  const { id: refundId } = refund
  const way = wayToResume(refund, deps.now())
  if (way === 'ask') {
    const answer = await deps.provider.refund({ intentId, amount: amount.value, key: refundId, refundId })
    // A server error that Stripe repeats for the key is all it will ever say: whether it acted is to be looked up.
    const isFinal = answer.kind === 'unknown' && answer.isReplayed
    return isFinal ? deps.provider.findRefund({ intentId, refundId }) : answer
  }
  const found = await deps.provider.findRefund({ intentId, refundId })
  return found.kind === 'absent' && way === 'look' ? { kind: 'unknown', isReplayed: false } : found
}
