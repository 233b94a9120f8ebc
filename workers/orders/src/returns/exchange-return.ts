import type { OrdersFailure } from '@shop/contracts/orders/failures'
import { actorIdOf, requireScope } from '@shop/kernel/access'
import type { Caller } from '@shop/kernel/caller'
import { type Created, type CreateOnceFailure, createOnce, creationKey, type KeyKnown } from '@shop/kernel/create-once'
import { derivedId } from '@shop/kernel/derived-id'
import type { IdempotencyKey } from '@shop/kernel/idempotency'
import type { RefundId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import { actorOf } from '../access/domain/visibility.ts'
import type { OrdersDeps } from '../deps.ts'
import type { GiftCard, NewGiftCard } from '../gift-cards/domain/gift-card.ts'
import { eventsOf } from '../orders/change-order.ts'
import type { Order, OrderChange } from '../orders/domain/order.ts'
import { changeOf } from '../orders/domain/steps.ts'
import { placeExchange } from '../orders/place-exchange.ts'
import type { PlaceDeps } from '../orders/place-order.ts'
import type { OrderItem } from '../pricing/domain/price-order.ts'
import { checkRest, exchangeReturn as decide, exchangeValue } from './domain/exchange-step.ts'
import { findReturn, type ReturnOfOrder, returnIn } from './internal/find-return.ts'

type ExchangeDeps = PlaceDeps & Pick<OrdersDeps, 'returns' | 'creationKeys' | 'newId' | 'giftCardCodes'>
type Exchanged = ReturnOfOrder & { exchange: Order }

/**
 * Exchanges the received units of a return that were not refunded for a new order of the same customer; once for each key, and once
 * for each return.
 *
 * The same transaction issues a gift card with the value of the units and spends it on the new order. If the new order costs more, the
 * difference is its `amount_due`; if it costs less, payments refunds the difference.
 */
export async function exchangeReturn(
  deps: ExchangeDeps,
  caller: Caller,
  { returnId, items }: { returnId: string; items: OrderItem[] },
  idempotencyKey?: string,
): Promise<Result<Created<Exchanged>, OrdersFailure | CreateOnceFailure>> {
  const staff = requireScope(caller, 'orders:return')
  if (!staff.ok) return staff
  const found = await findReturn(deps, returnId)
  if (!found.ok) return found
  if (idempotencyKey === undefined) return fail({ code: 'idempotency_key_required' })
  const key = await creationKey(`${actorIdOf(staff.value)}:exchangeReturn`, idempotencyKey, { returnId, items })
  return createOnce(key, {
    create: (): Promise<Result<Exchanged, OrdersFailure | KeyKnown>> =>
      exchange(deps, found.value, { caller, items, key }),
    findKey: deps.creationKeys.find,
    find: (id) => findExchange(deps, id),
  })
}

async function exchange(
  deps: ExchangeDeps,
  { order, returned }: ReturnOfOrder,
  { caller, items, key }: { caller: Caller; items: OrderItem[]; key: IdempotencyKey | undefined },
): Promise<Result<Exchanged, OrdersFailure>> {
  const value = exchangeValue(order, returned)
  if (!value.ok) return value
  const at = deps.now()
  const actor = actorOf(caller, 'orders:return')
  const refundId = deps.newId('refund')
  const credit = await creditOf(deps, order, { refundId, amount: value.value.amount, at })
  const saved: { change?: OrderChange } = {}
  const placed = await placeExchange(deps, {
    ...{ original: order, returnId: returned.id, items, exchangeRefund: refundId, actor },
    credit: { ref: { id: credit.id }, card: asCard(credit) },
    checkSpent: (spent) => checkRest(order, value.value, spent),
    insert: (placing, placement) => {
      const [spent] = placing.giftCards
      const storeCredit = spent && { ...credit, initialBalance: spent.amount }
      const made = { refundId, exchangeOrderId: placing.order.id, storeCredit, at }
      const change = { ...changeOf(order, decide(order, returned, value.value, made), { actor, at }), key }
      saved.change = change
      return deps.returns.saveExchange({ change, placed: placing, placement })
    },
  })
  if (!placed.ok) return placed
  const { change } = saved
  const made = change && returnIn(change.order, returned.id)
  if (change === undefined || made === undefined) return fail({ code: 'order_changed' })
  await deps.wakeConsumers(eventsOf(change))
  return ok({ ...made, exchange: placed.value })
}

/** A card with the value of the units. The transaction issues it with only the amount that the new order spends. */
async function creditOf(
  { giftCardCodes }: ExchangeDeps,
  { id: orderId, currency }: Order,
  { refundId, amount, at }: { refundId: RefundId; amount: number; at: Date },
): Promise<NewGiftCard> {
  const id = await derivedId('giftCard', `exchange:${refundId}`)
  return {
    ...{ id, currency, initialBalance: amount, source: 'exchange', orderId, lineId: null, unit: null, refundId },
    ...{ recipientEmail: null, note: null, expiresAt: null, createdAt: at, ...(await giftCardCodes.issue(id)) },
  }
}

const asCard = ({ codeHash: _, ...card }: NewGiftCard): GiftCard => ({
  ...{ ...card, balance: card.initialBalance, voidedAt: null, updatedAt: card.createdAt, version: 1 },
})

async function findExchange(deps: Pick<OrdersDeps, 'returns' | 'orders'>, id: string): Promise<Exchanged | undefined> {
  const found = await findReturn(deps, id)
  if (!found.ok || found.value.returned.exchangeOrderId === null) return undefined
  const exchanged = await deps.orders.find(found.value.returned.exchangeOrderId)
  return exchanged && { ...found.value, exchange: exchanged }
}
