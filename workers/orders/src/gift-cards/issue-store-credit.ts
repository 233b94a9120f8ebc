import type { OrderErased, OrderNotFound } from '@shop/contracts/orders/failures'
import type { GiftCardCredit } from '@shop/contracts/orders/gift-cards'
import { derivedId } from '@shop/kernel/derived-id'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../deps.ts'
import type { Order } from '../orders/domain/order.ts'
import type { NewGiftCard } from './domain/gift-card.ts'

type IssueDeps = Pick<OrdersDeps, 'giftCards' | 'giftCardCodes' | 'orders' | 'now' | 'wakeConsumers'>
type Refusal = OrderErased | OrderNotFound

/**
 * Gives customers new cards in place of money, one for each refund. The code is mailed to the account of the order, or to the address
 * of the guest. Nobody would get that of an order whose customer was erased, so it is refused unless it was issued before.
 */
export async function issueStoreCredit(
  deps: IssueDeps,
  credits: GiftCardCredit[],
): Promise<Result<Result<undefined, Refusal>[], never>> {
  const orders = new Map((await deps.orders.findAll(credits.map(({ orderId }) => orderId))).map((one) => [one.id, one]))
  const now = deps.now()
  const cards = await Promise.all(credits.map((credit) => cardOf(deps, orders.get(credit.orderId), credit, now)))
  const issued = await deps.giftCards.issue(cards.flatMap((card) => (card.ok ? [card.value] : [])))
  if (issued > 0) await deps.wakeConsumers(['gift_card.issued'])
  return ok(cards.map((card) => (card.ok ? ok() : card)))
}

async function cardOf(
  { giftCards, giftCardCodes }: Pick<IssueDeps, 'giftCards' | 'giftCardCodes'>,
  order: Order | undefined,
  { orderId, refundId, amount, currency }: GiftCardCredit,
  now: Date,
): Promise<Result<NewGiftCard, Refusal>> {
  if (order === undefined) return fail({ code: 'order_not_found' })
  const id = await derivedId('giftCard', `store_credit:${refundId}`)
  if (order.erasedAt !== null && (await giftCards.find(id)) === undefined) return fail({ code: 'order_erased' })
  return ok({
    ...{ id, currency, initialBalance: amount, source: 'refund', orderId, lineId: null, unit: null, refundId },
    ...{ recipientEmail: order.userId === null ? order.email : null, note: null, expiresAt: null, createdAt: now },
    ...(await giftCardCodes.issue(id)),
  })
}
