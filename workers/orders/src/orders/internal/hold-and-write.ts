import type { Quote } from '@shop/contracts/catalog/rpc'
import type { OrdersFailure } from '@shop/contracts/orders/failures'
import type { CurrencyCode } from '@shop/kernel/currencies'
import { derivedId } from '@shop/kernel/derived-id'
import { ok, type Result } from '@shop/kernel/result'
import { addSeconds } from '@shop/kernel/time'
import type { Buyer } from '../../access/domain/buyer.ts'
import { type CounterState, checkCaps } from '../../buyers/domain/caps.ts'
import type { OrdersDeps } from '../../deps.ts'
import { NO_UNITS } from '../../fulfillment/domain/units.ts'
import { sumOf } from '../../gift-cards/domain/apply-gift-cards.ts'
import { type NamedCard, spendableCards } from '../../gift-cards/domain/spendable-cards.ts'
import { checkQuantities } from '../../pricing/domain/check-quantities.ts'
import type { PricedOrder } from '../../pricing/domain/price-order.ts'
import type { PricingRules } from '../../pricing/domain/purchase.ts'
import { holdStock } from '../../stock/hold-stock.ts'
import { newOrder } from '../domain/new-order.ts'
import { type NewOrder, type OrderLine, unitsOf } from '../domain/order.ts'
import type { CheckedRequest } from '../domain/order-request.ts'
import { type PriceDeps, priceTaxedOrder } from './price-taxed.ts'
import { type WriteAttempt, type WriteOrderDeps, type Written, writeOrder } from './write-order.ts'

export type WriteDeps = PriceDeps &
  WriteOrderDeps &
  Pick<OrdersDeps, 'newOrderId' | 'newLineId' | 'holdSeconds' | 'holdGraceSeconds' | 'guestHoldSeconds'>

type Attempt = Omit<WriteAttempt, 'price' | 'toOrder'> & {
  buyer: Buyer
  request: CheckedRequest
  /** Of the new order. */
  number: number
  /** One for each item. */
  quotes: Quote[]
  rules: PricingRules
  /** The gift cards that the request names. */
  named: readonly NamedCard[]
  /** What the counters count. */
  states: CounterState[]
  /** Refuses prices for a reason of the caller. */
  checkPrice?: ((priced: PricedOrder) => Result<undefined, OrdersFailure>) | undefined
}

/**
 * Prices the items, holds their stock and writes the order. On a refusal no hold of this attempt is left.
 *
 * What the request alone or the counters rule out is refused before anything is held. The statement that writes the order
 * decides between requests that race.
 */
export async function holdAndWrite(
  deps: WriteDeps,
  { buyer, request, number, quotes, rules, named, states, checkPrice = () => ok(), ...attempt }: Attempt,
): Promise<Result<Written, OrdersFailure>> {
  const { customerKey } = attempt
  const giftCards = spendableCards(named, { currency: currencyOf(quotes), now: deps.now() })
  if (!giftCards.ok) return giftCards
  const terms = { request, quotes, customerKey, giftCards: giftCards.value }
  const price = async (by: PricingRules): Promise<Result<PricedOrder, OrdersFailure>> => {
    const priced = await priceTaxedOrder(deps, { ...terms, rules: by })
    const checked = priced.ok ? checkPrice(priced.value) : priced
    return checked.ok ? priced : checked
  }
  const priced = await price(rules)
  if (!priced.ok) return priced
  const quantities = checkQuantities(priced.value.lines, quotes)
  if (!quantities.ok) return quantities
  const isFree = priced.value.total === sumOf(priced.value.giftCards)
  const within = checkCaps(unitsOf(request.items), attempt.counters, isFree ? undefined : states)
  if (!within.ok) return within
  const placedAt = deps.now()
  const expiresAt = addSeconds(placedAt, buyer.userId === null ? deps.guestHoldSeconds : deps.holdSeconds)
  const id = deps.newOrderId()
  const giftCardPaymentId = await derivedId('payment', `gift_card:${id}`)
  const held = await holdStock(deps, { id, lines: priced.value.lines, expiresAt }, quotes)
  if (!held.ok) return held
  const toOrder = (prices: PricedOrder): NewOrder => {
    const lines: OrderLine[] = prices.lines.map((line) => ({ ...line, ...ORDERED, id: deps.newLineId() }))
    return newOrder({
      id,
      number,
      buyer,
      priced: { ...prices, lines },
      details: detailsOf(request),
      giftCardPaymentId,
      placedAt,
      expiresAt,
    })
  }
  return writeOrder(deps, priced.value, { ...attempt, price, toOrder })
}

function currencyOf([first]: readonly Quote[]): CurrencyCode {
  if (first === undefined) throw new RangeError('An order has at least one item')
  return first.currency
}

const ORDERED = { units: NO_UNITS, holdId: null }

const detailsOf = ({ shippingAddress, billingAddress, note, vatId, cartId, exchangeOf }: CheckedRequest) => ({
  ...{ shippingAddress, billingAddress, note, cartId, exchangeOf: exchangeOf ?? null },
  vatId: vatId?.number ?? null,
})
