import { derivedId } from '@shop/kernel/derived-id'
import type { PaymentId } from '@shop/kernel/ids'
import { addSeconds } from '@shop/kernel/time'
import type { PaymentsDeps } from '../deps.ts'
import { ORDER_CANCELLED } from '../refunds/domain/refund.ts'
import { type ExecuteDeps, executeRefund } from '../refunds/execute-refund.ts'

/**
 * Records the refund of a payment by gift cards after its order was cancelled. Orders has already returned the amount to the cards.
 *
 * @param amount in minor units
 * @returns false while the payment is not known, or a refund of it is in progress
 */
export async function returnGiftCards(
  deps: ExecuteDeps & Pick<PaymentsDeps, 'attemptSeconds'>,
  paymentId: PaymentId,
  amount: number,
): Promise<boolean> {
  const now = deps.now()
  const refund = await deps.refunds.reserveAutomatic({
    id: await derivedId('refund', `gift_cards_returned:${paymentId}`),
    ...{ paymentId, amount, destination: 'given', reason: ORDER_CANCELLED, actor: { kind: 'system' } },
    now,
    leaseUntil: addSeconds(now, deps.attemptSeconds),
  })
  if (refund === undefined) return false
  await executeRefund(deps, refund)
  return true
}
