import type { OrdersFailure } from '@shop/contracts/orders/failures'
import type { OrderActor } from '@shop/contracts/orders/states'
import type { RefundId, ReturnId } from '@shop/kernel/ids'
import { ok, type Result } from '@shop/kernel/result'
import { DAY_SECONDS } from '@shop/kernel/time'
import type { Buyer } from '../access/domain/buyer.ts'
import { customerKeyOf } from '../buyers/customer-key.ts'
import { sumOf } from '../gift-cards/domain/apply-gift-cards.ts'
import type { NamedCard } from '../gift-cards/domain/spendable-cards.ts'
import type { OrderItem } from '../pricing/domain/price-order.ts'
import { checkVatId } from '../tax/check-vat-id.ts'
import type { Order } from './domain/order.ts'
import type { CheckedRequest } from './domain/order-request.ts'
import { rulesQueryOf } from './domain/rules-query-of.ts'
import { holdAndWrite } from './internal/hold-and-write.ts'
import { claimKey } from './internal/idempotency.ts'
import { readQuotes } from './internal/read-quotes.ts'
import { sellPaid } from './internal/sell-paid.ts'
import type { PlaceDeps } from './place-order.ts'

/** How long the customer has to pay a difference. Longer than at a checkout, because staff place the order. */
const HOLD_SECONDS = 3 * DAY_SECONDS

type PlaceExchange = {
  original: Order
  returnId: ReturnId
  items: OrderItem[]
  /** The gift card with the value of the returned units. It need not exist yet. */
  credit: NamedCard
  exchangeRefund: RefundId
  /** Refuses what the new order would spend of the credit, in minor units. */
  checkSpent: (spent: number) => Result<undefined, OrdersFailure>
  /** The staff who place it. */
  actor: OrderActor
  /** Writes the new order together with the change of the original one. */
  insert: PlaceDeps['orders']['insert']
}

/**
 * Places the new order of an exchange: for the same customer and address, at current prices, without promotions and without a shipping
 * charge. The caps on unpaid orders do not apply.
 */
export async function placeExchange(
  deps: PlaceDeps,
  { original, returnId, items, credit, exchangeRefund, checkSpent, actor, insert }: PlaceExchange,
): Promise<Result<Order, OrdersFailure>> {
  const { shippingAddress, billingAddress, userId, currency } = original
  const buyer = buyerOfOriginal(original, actor)
  const vatId = original.vatId === null ? ok(null) : await checkVatId(deps, original.vatId)
  if (!vatId.ok) return vatId
  const request: CheckedRequest = {
    ...{ items, currency, shippingAddress, billingAddress, vatId: vatId.value, email: original.email, note: null },
    ...{ codes: [], giftCards: [], shippingOptionId: null, cartId: null, exchangeOf: returnId, address: '' },
  }
  const customerKey = await customerKeyOf(buyer)
  const query = rulesQueryOf({ ...request, customerKey, userId, now: deps.now() })
  const claiming = claimKey(deps, undefined, { counters: [], query })
  const rulesOnce = claiming.then((one) => (one.ok ? one.value.rules : undefined))
  const [claimed, quotes] = await Promise.all([claiming, readQuotes(deps, request, rulesOnce)])
  if (!claimed.ok) return claimed
  if (!quotes.ok) return quotes
  const { number, rules } = claimed.value
  const placing: PlaceDeps = {
    ...{ ...deps, orders: { ...deps.orders, insert } },
    ...{ holdSeconds: HOLD_SECONDS, guestHoldSeconds: HOLD_SECONDS },
    checkoutRequires: { address: false, shipping: false },
  }
  const placed = await holdAndWrite(placing, {
    ...{ buyer, request, number, quotes: quotes.value, rules: { ...rules, candidates: [] }, named: [credit] },
    ...{ states: [], counters: [], query, customerKey, exchangeRefund },
    checkPrice: ({ giftCards }) => checkSpent(sumOf(giftCards)),
  })
  return placed.ok ? ok(await sellPaid(deps, placed.value.order)) : placed
}

function buyerOfOriginal({ userId, email }: Order, actor: OrderActor): Buyer {
  if (userId !== null) return { actor, userId, email }
  if (email === null) throw new RangeError('The order of a guest has an address')
  return { actor, userId, email }
}
