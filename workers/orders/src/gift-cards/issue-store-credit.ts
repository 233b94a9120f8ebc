import type { OrderNotFound } from '@shop/contracts/orders/failures'
import type { GiftCardCredit } from '@shop/contracts/orders/gift-cards'
import { derivedId } from '@shop/kernel/derived-id'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../deps.ts'
import type { NewGiftCard } from './domain/gift-card.ts'

type IssueDeps = Pick<OrdersDeps, 'giftCards' | 'giftCardCodes' | 'orders' | 'now' | 'wakeConsumers'>

/**
 * Issues new cards to customers instead of money, one for each refund. The code is mailed to the order's account, or to the guest's
 * address.
 */
export async function issueStoreCredit(
  deps: IssueDeps,
  credits: GiftCardCredit[],
): Promise<Result<Result<undefined, OrderNotFound>[], never>> {
  const orders = new Map((await deps.orders.findAll(credits.map(({ orderId }) => orderId))).map((one) => [one.id, one]))
  const now = deps.now()
  const cards = await Promise.all(
    credits.map(async ({ orderId, refundId, amount, currency }): Promise<NewGiftCard | undefined> => {
      const order = orders.get(orderId)
      if (order === undefined) return undefined
      const id = await derivedId('giftCard', `store_credit:${refundId}`)
      return {
        ...{ id, currency, initialBalance: amount, source: 'refund', orderId, lineId: null, unit: null, refundId },
        ...{ recipientEmail: order.userId === null ? order.email : null, note: null, expiresAt: null, createdAt: now },
        ...(await deps.giftCardCodes.issue(id)),
      }
    }),
  )
  const issued = await deps.giftCards.issue(cards.filter((card) => card !== undefined))
  if (issued > 0) await deps.wakeConsumers(['gift_card.issued'])
  return ok(cards.map((card) => (card === undefined ? fail({ code: 'order_not_found' }) : ok())))
}
