import type { OrdersFailure } from '@shop/contracts/orders/failures'
import type { Caller } from '@shop/kernel/caller'
import { ok, type Result } from '@shop/kernel/result'
import { type Buyer, buyerOf } from '../access/domain/buyer.ts'
import { placedBy } from '../access/domain/visibility.ts'
import { countersOf } from '../buyers/counters-of.ts'
import { customerKeyOf } from '../buyers/customer-key.ts'
import type { OrdersDeps } from '../deps.ts'
import { type ReadCardsDeps, readNamedCards } from '../gift-cards/read-named-cards.ts'
import { checkVatId } from '../tax/check-vat-id.ts'
import type { Order } from './domain/order.ts'
import type { CheckedRequest, OrderRequest } from './domain/order-request.ts'
import { rulesQueryOf } from './domain/rules-query-of.ts'
import { holdAndWrite, type WriteDeps } from './internal/hold-and-write.ts'
import { claimKey, claimOf, dropClaim } from './internal/idempotency.ts'
import { type QuoteDeps, readQuotes } from './internal/read-quotes.ts'
import { type SellPaidDeps, sellPaid } from './internal/sell-paid.ts'
import type { KeyClaim } from './repository/idempotency-keys.ts'

/** `orderToken` opens the order of a guest; null for an account, which needs none. */
export type PlacedOrder = { order: Order; orderToken: string | null; replayed: boolean }

type AnswerDeps = SellPaidDeps & Pick<OrdersDeps, 'tokens'>
export type PlaceDeps = WriteDeps &
  QuoteDeps &
  ReadCardsDeps &
  SellPaidDeps &
  Pick<OrdersDeps, 'keys' | 'caps' | 'tokens' | 'newClaim' | 'vatRegister'>

/**
 * Places an order: prices are read beside the key, the buyer's counters and what decides about prices, then all stock is
 * held, then the order is written.
 *
 * The hold id is the fresh order id of this attempt, so an attempt releases only its own holds. Three database round trips,
 * two of them at once. An order that costs nothing, or that gift cards pay, is sold at once.
 */
export async function placeOrder(
  deps: PlaceDeps,
  caller: Caller,
  request: OrderRequest,
): Promise<Result<PlacedOrder, OrdersFailure>> {
  const buyer = buyerOf(caller, request.email)
  if (!buyer.ok) return buyer
  const claim = await claimOf(deps, buyer.value, request)
  if (!claim.ok) return claim
  const vatId = request.vatId === null ? ok(null) : await checkVatId(deps, request.vatId)
  if (!vatId.ok) return vatId
  return place(deps, buyer.value, { ...request, vatId: vatId.value }, claim.value).catch(async (error: unknown) => {
    await dropClaim(deps, claim.value)
    throw error
  })
}

async function place(
  deps: PlaceDeps,
  buyer: Buyer,
  request: CheckedRequest,
  claim: KeyClaim | undefined,
): Promise<Result<PlacedOrder, OrdersFailure>> {
  const counters = await countersOf(deps, buyer, request.address)
  const customerKey = await customerKeyOf(buyer)
  const query = rulesQueryOf({ ...request, customerKey, userId: buyer.userId, now: deps.now() })
  const claiming = claimKey(deps, claim, { counters, query })
  const rulesOnce = claiming.then((one) => (one.ok && one.value.known === undefined ? one.value.rules : undefined))
  const [claimed, quotes, named] = await Promise.all([
    claiming,
    readQuotes(deps, request, rulesOnce),
    readNamedCards(deps, request),
  ])
  if (!claimed.ok) return claimed
  const { known, states, rules, number } = claimed.value
  if (known !== undefined) return ok(await answer(deps, known, true))
  if (!named.ok) return named
  const attempt = { buyer, request, number, claim, counters, states, rules, named: named.value, query, customerKey }
  const placed = quotes.ok ? await holdAndWrite(deps, { ...attempt, quotes: quotes.value }) : quotes
  if (placed.ok) return ok(await answer(deps, placed.value.order, placed.value.isKnown))
  // A refusal is not kept under the key: a retry runs afresh.
  await dropClaim(deps, claim)
  return placed
}

async function answer(deps: AnswerDeps, placed: Order, replayed: boolean): Promise<PlacedOrder> {
  const order = await sellPaid(deps, placed)
  return { order, replayed, orderToken: placedBy(order) === null ? await deps.tokens.of(order.id) : null }
}
