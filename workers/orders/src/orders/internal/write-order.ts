import type { EventType } from '@shop/contracts/events/catalogue'
import type { CodeNotApplied, OrderChanged, OrdersFailure } from '@shop/contracts/orders/failures'
import type { GiftCardNotApplied } from '@shop/contracts/orders/gift-card-failures'
import { fail, ok, type Result } from '@shop/kernel/result'
import { refusal } from '../../buyers/domain/caps.ts'
import type { OrdersDeps } from '../../deps.ts'
import type { AppliedGiftCard } from '../../gift-cards/domain/apply-gift-cards.ts'
import { hasEnded } from '../../gift-cards/domain/gift-card.ts'
import { notApplied } from '../../gift-cards/domain/spendable-cards.ts'
import type { PricedOrder } from '../../pricing/domain/price-order.ts'
import type { PricingRules, RulesQuery } from '../../pricing/domain/purchase.ts'
import type { BrokenLimit } from '../../promotions/domain/uses.ts'
import { releaseStock } from '../../stock/release-stock.ts'
import type { NewOrder, Order } from '../domain/order.ts'
import type { Inserted, Placement } from '../repository/insert-order.ts'

export type WriteOrderDeps = Pick<
  OrdersDeps,
  'orders' | 'giftCards' | 'rules' | 'catalog' | 'now' | 'hadNoEffect' | 'taxCalculator' | 'wakeConsumers'
>

export type WriteAttempt = Placement & {
  /** Prices the order by the rules as they are now. */
  price: (rules: PricingRules) => Promise<Result<PricedOrder, OrdersFailure>>
  toOrder: (priced: PricedOrder) => NewOrder
  query: RulesQuery
}

/** `isKnown`: the cart had an order already, which is this one. */
export type Written = { order: Order; isKnown: boolean }

/** How often promotions may run out between pricing and writing before the attempt is given up. */
const MAX_ATTEMPTS = 4

/**
 * Writes an order whose stock is held. Where another order took the last use of a promotion, the order is priced again by the
 * rules as they are then, while its stock stays held: without an automatic promotion it costs more, and a code that is used up
 * is refused.
 */
export async function writeOrder(
  deps: WriteOrderDeps,
  first: PricedOrder,
  attempt: WriteAttempt,
): Promise<Result<Written, OrdersFailure>> {
  let priced = first
  for (let attempts = 1; ; attempts += 1) {
    const placed = attempt.toOrder(priced)
    const inserted = await insert(deps, placed, attempt)
    if (inserted === 'inserted') {
      await deps.wakeConsumers(writtenWith(placed))
      return ok(written(deps, placed.order))
    }
    if (typeof inserted === 'string') return giveUp(deps, placed, inserted, attempt)
    const again = attempts < MAX_ATTEMPTS ? await priceAgain(deps, placed.order, attempt) : fail(usedUp(inserted))
    if (!again.ok) {
      await releaseStock(deps, placed.order)
      return again
    }
    priced = again.value
  }
}

/** Nothing was written, so nothing is left held when the rules cannot be read. */
async function priceAgain(
  deps: WriteOrderDeps,
  order: Order,
  { price, query }: WriteAttempt,
): Promise<Result<PricedOrder, OrdersFailure>> {
  try {
    return await price(await deps.rules.find({ ...query, now: deps.now() }))
  } catch (error) {
    await releaseStock(deps, order)
    throw error
  }
}

/** A promotion without a code has run out again and again, which a repeated request may not meet. */
const usedUp = ({ code, reason }: BrokenLimit): CodeNotApplied | OrderChanged =>
  code ? { code: 'code_not_applied', promotionCode: code, reason } : { code: 'order_changed' }

const writtenWith = ({ order, giftCards }: NewOrder): EventType[] => [
  ...(order.paymentStatus === 'paid' ? (['order.paid'] as const) : []),
  ...(giftCards.length > 0 ? (['gift_card.spent'] as const) : []),
]

function written({ taxCalculator }: WriteOrderDeps, order: Order): Written {
  if (order.taxCalculationId !== null) taxCalculator?.forget(order.taxCalculationId)
  return { order, isKnown: false }
}

/** Either another order of the buyer was faster, or one of the cart or of a gift card, or this attempt took so long that its key was taken over. */
async function giveUp(
  deps: WriteOrderDeps,
  { order, giftCards }: NewOrder,
  inserted: Exclude<Inserted, 'inserted' | BrokenLimit>,
  { counters }: Placement,
): Promise<Result<Written, OrdersFailure>> {
  await releaseStock(deps, order)
  if (inserted === 'taken_over') return fail({ code: 'idempotency_in_flight' })
  if (inserted === 'original_changed') return fail({ code: 'order_changed' })
  if (inserted === 'card_unspendable') return fail(await unspendable(deps, giftCards))
  if (inserted !== 'cart_ordered') return refusal(inserted, counters)
  const known = order.cartId === null ? undefined : await deps.orders.findOfCart(order.cartId)
  // It was cancelled at this moment.
  return known === undefined ? fail({ code: 'order_changed' }) : ok({ order: known, isKnown: true })
}

/** The card with too little balance. If all have enough now, another order was cancelled in between. */
async function unspendable(
  { giftCards: known, now }: WriteOrderDeps,
  applied: readonly AppliedGiftCard[],
): Promise<GiftCardNotApplied | OrderChanged> {
  const found = await known.findNamed(applied.map(({ id }) => id))
  const broken = applied.find(({ id, amount }) => {
    const card = found.get(id)
    return card === undefined || card.balance < amount || hasEnded(card, now())
  })
  return broken === undefined ? { code: 'order_changed' } : notApplied(broken, 'changed')
}

/**
 * When the answer is lost, the order is read back. If it is not found, nothing is released, because the order may still
 * appear: units that are off sale until the hold expires are the lesser harm.
 */
async function insert(deps: WriteOrderDeps, placed: NewOrder, placement: Placement): Promise<Inserted> {
  try {
    return await deps.orders.insert(placed, placement)
  } catch (error) {
    if (deps.hadNoEffect(error)) await releaseStock(deps, placed.order)
    else if ((await deps.orders.find(placed.order.id)) !== undefined) return 'inserted'
    throw error
  }
}
