import { derivedId } from '@shop/kernel/derived-id'
import type { PaymentId } from '@shop/kernel/ids'
import { addSeconds } from '@shop/kernel/time'
import type { PaymentsDeps } from '../deps.ts'
import { ORDER_CANCELLED, type Refund } from '../refunds/domain/refund.ts'
import { type ExecuteDeps, executeRefund } from '../refunds/execute-refund.ts'

type ReturnDeps = ExecuteDeps & Pick<PaymentsDeps, 'attemptSeconds'>

/**
 * Records that gift cards got back what they had paid of an order, with its cancellation. Orders has given it already. A refund to the
 * cards that was under way then, and that orders had not given, is a part of it: it succeeds, and the rest is recorded.
 *
 * @param amount in minor units
 * @returns false while the payment is not known, or a refund of it is under way
 */
export async function returnGiftCards(deps: ReturnDeps, paymentId: PaymentId, amount: number): Promise<boolean> {
  const refund = await reserveReturned(deps, paymentId, amount)
  if (refund !== undefined) {
    await executeRefund(deps, refund)
    return true
  }
  const payment = await deps.payments.find(paymentId)
  if (payment === undefined || payment.reservedAmount > 0) return false
  const rest = await reserveReturned(deps, paymentId, undefined)
  if (rest !== undefined) await executeRefund(deps, rest)
  return true
}

/** @param amount undefined stands for all that is left */
async function reserveReturned(
  deps: ReturnDeps,
  paymentId: PaymentId,
  amount: number | undefined,
): Promise<Refund | undefined> {
  const now = deps.now()
  return deps.refunds.reserveAutomatic({
    id: await derivedId('refund', `gift_cards_returned:${paymentId}`),
    ...{ paymentId, amount, destination: 'given', reason: ORDER_CANCELLED, actor: { kind: 'system' } },
    now,
    leaseUntil: addSeconds(now, deps.attemptSeconds),
  })
}
