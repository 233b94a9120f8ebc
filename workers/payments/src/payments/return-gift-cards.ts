import { derivedId } from '@shop/kernel/derived-id'
import type { PaymentId } from '@shop/kernel/ids'
import { addSeconds } from '@shop/kernel/time'
import type { PaymentsDeps } from '../deps.ts'
import { ORDER_CANCELLED } from '../refunds/domain/refund.ts'
import { type ExecuteDeps, executeRefund } from '../refunds/execute-refund.ts'

/**
 * Records the refund of a payment by gift cards after its order was cancelled. Orders has already returned the amount to the cards.
 *
 * A refund that was on its way to the cards when the order was cancelled is part of what the cancellation gave: orders gives nothing
 * more for it. So what is left of the payment beside such refunds is recorded here, and all of them together are what was given.
 *
 * @param amount in minor units
 * @returns false while the payment is not known, or a refund of it is in progress
 */
export async function returnGiftCards(
  deps: ExecuteDeps & Pick<PaymentsDeps, 'attemptSeconds'>,
  paymentId: PaymentId,
  amount: number,
): Promise<boolean> {
  const payment = await deps.payments.find(paymentId)
  if (payment === undefined) return false
  const left = payment.capturedAmount - payment.refundedAmount - payment.reservedAmount
  const now = deps.now()
  const refund = await deps.refunds.reserveAutomatic({
    id: await derivedId('refund', `gift_cards_returned:${paymentId}`),
    ...{ paymentId, amount: Math.min(amount, left), destination: 'given', reason: ORDER_CANCELLED },
    ...{ actor: { kind: 'system' }, now, leaseUntil: addSeconds(now, deps.attemptSeconds) },
  })
  if (refund === undefined) return left === 0 && payment.reservedAmount === 0
  await executeRefund(deps, refund)
  return true
}
