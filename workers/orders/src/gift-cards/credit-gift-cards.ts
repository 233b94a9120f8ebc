import type { OrderNotFound } from '@shop/contracts/orders/failures'
import type { GiftCardCredit } from '@shop/contracts/orders/gift-cards'
import { PARALLEL_CALLS } from '@shop/kernel/parallel-calls'
import { fail, ok, type Result } from '@shop/kernel/result'
import { untilSaved } from '@shop/kernel/until-saved'
import pMap from 'p-map'
import type { OrdersDeps } from '../deps.ts'
import { planCredit } from './domain/plan-credit.ts'

type CreditDeps = Pick<OrdersDeps, 'giftCards' | 'now'>

/**
 * Refunds amounts to the gift cards that paid the orders, each refund once. For a cancelled order there is nothing to do: its
 * cancellation has returned everything.
 *
 * @throws RangeError when a credit exceeds what the cards paid
 */
export async function creditGiftCards(
  deps: CreditDeps,
  credits: GiftCardCredit[],
): Promise<Result<Result<undefined, OrderNotFound>[], never>> {
  return ok(await pMap(credits, (credit) => creditOne(deps, credit), { concurrency: PARALLEL_CALLS }))
}

function creditOne(
  { giftCards, now }: CreditDeps,
  { orderId, refundId, amount }: GiftCardCredit,
): Promise<Result<undefined, OrderNotFound>> {
  return untilSaved<Result<undefined, OrderNotFound>>(async () => {
    const found = await giftCards.cardsOfOrder(orderId, refundId)
    if (found === undefined) return fail({ code: 'order_not_found' })
    if (found.isCredited || found.isCancelled) return ok()
    const credits = planCredit(amount, found.spent)
    return (await giftCards.credit({ orderId, refundId, returned: found.returned, credits, at: now() }))
      ? ok()
      : undefined
  })
}
