import type { SweptBatch } from '@shop/contracts/service'
import { derivedId } from '@shop/kernel/derived-id'
import { PARALLEL_CALLS } from '@shop/kernel/parallel-calls'
import pMap from 'p-map'
import type { OrdersDeps } from '../deps.ts'
import { completeOrder } from '../fulfillment/complete-order.ts'
import { type ChangeDeps, changeOrder, SYSTEM } from '../orders/change-order.ts'
import type { Order } from '../orders/domain/order.ts'
import { soldCardsOf } from './domain/cards-of-order.ts'
import { packGiftCards, sendGiftCards, shipmentKeyOf } from './domain/fulfill-gift-cards.ts'

const BATCH = 50

type IssueDeps = ChangeDeps & Pick<OrdersDeps, 'giftCards' | 'giftCardCodes' | 'giftCardDays' | 'warn'>

/**
 * Issues the gift cards that paid orders bought. The next sweep retries orders that fail; they do not delay others.
 *
 * @param from the cursor that the previous batch returned
 * @returns the number of orders whose cards were issued, and the cursor of the next batch
 */
export async function issueSoldCards(deps: IssueDeps, from?: string): Promise<SweptBatch> {
  const orders = await deps.giftCards.listUnissued({ after: from, limit: BATCH })
  const issued = await pMap(orders, (order) => isIssued(deps, order), { concurrency: PARALLEL_CALLS })
  return { done: issued.filter(Boolean).length, next: orders.length < BATCH ? undefined : orders.at(-1)?.id }
}

async function isIssued(deps: IssueDeps, order: Order): Promise<boolean> {
  try {
    return await issueCards(deps, order)
  } catch (error) {
    deps.warn('gift_cards_unissued', { orderId: order.id, error })
    return false
  }
}

/**
 * The units leave the order first: from then on it cannot be cancelled, so that no card is left of a cancelled order. Cards that an edit
 * has added leave in a shipment of their own, which waits until they are paid.
 */
async function issueCards(deps: IssueDeps, order: Order): Promise<boolean> {
  const { id: orderId } = order
  const made = { id: await derivedId('shipment', shipmentKeyOf(order)), at: deps.now() }
  const target = { orderId, actor: SYSTEM }
  const packed = await changeOrder(deps, target, (order) => packGiftCards(order, made))
  if (!packed.ok) return false
  const sent = await changeOrder(deps, { ...target, known: packed.value }, (order) => sendGiftCards(order, made))
  if (!sent.ok) return false
  const completed = await completeOrder(deps, sent.value, SYSTEM)
  if (!completed.ok) return false
  // Those that have left: an edit may have added others since, which are not paid.
  const cards = soldCardsOf(sent.value, { now: made.at, days: deps.giftCardDays })
  await deps.giftCards.issueSold(
    { orderId, lineIds: giftCardLines(sent.value) },
    await Promise.all(
      cards.map(async (card) => {
        const id = await derivedId('giftCard', `${card.lineId}:${card.unit}`)
        return { ...card, id, ...(await deps.giftCardCodes.issue(id)) }
      }),
    ),
  )
  if (cards.length > 0) await deps.wakeConsumers(['gift_card.issued'])
  return true
}

const giftCardLines = ({ lines }: Pick<Order, 'lines'>) => lines.filter((line) => line.isGiftCard).map(({ id }) => id)
