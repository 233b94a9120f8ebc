import type { Order, OrderChange, OrdersFailure, Quote, ShippingAddress } from '@shop/contracts'
import { addSeconds, type Caller, fail, ok, type Result } from '@shop/kernel'
import { type Buyer, buyerOf } from '../domain/buyer.ts'
import { newOrder } from '../domain/new-order.ts'
import { type OrderItem, priceOrder } from '../domain/pricing.ts'
import type { Claim, OrdersDeps } from '../ports.ts'
import { holdLines, releaseLines } from './hold-lines.ts'
import { claimKey, claimOf, forgetClaim } from './order-key.ts'

export type PlaceOrder = {
  items: OrderItem[]
  shippingAddress: ShippingAddress | null
  email: string | null
  idempotencyKey?: string | undefined
}
/** `orderToken` is a guest's right to his order; an account needs none. */
export type PlacedOrder = { order: Order; orderToken: string | null; replayed: boolean }

/**
 * Places an order: prices and key are read side by side, then all stock is held, then the order is written.
 *
 * The hold id is the fresh order id of this attempt, so whatever an attempt releases is its own. Two database trips
 * without a key, three with one (two of them at once).
 */
export async function placeOrder(
  deps: OrdersDeps,
  caller: Caller,
  request: PlaceOrder,
): Promise<Result<PlacedOrder, OrdersFailure>> {
  const buyer = buyerOf(caller, request.email)
  if (!buyer.ok) return buyer
  const claim = await claimOf(deps, buyer.value, request)
  if (!claim.ok) return claim
  return place(deps, buyer.value, request, claim.value).catch(async (error: unknown) => {
    await forgetClaim(deps, claim.value)
    throw error
  })
}

async function place(
  deps: OrdersDeps,
  buyer: Buyer,
  request: PlaceOrder,
  claim: Claim | undefined,
): Promise<Result<PlacedOrder, OrdersFailure>> {
  const [quotes, key] = await Promise.all([
    deps.catalog.quote([...new Set(request.items.map((item) => item.productId))]),
    claimKey(deps, claim),
  ])
  if (!key.ok) return key
  if (key.value !== undefined) return ok(await answer(deps, key.value, true))
  const placed = quotes.ok ? await holdAndWrite(deps, buyer, request, quotes.value, claim) : quotes
  if (placed.ok) return ok(await answer(deps, placed.value, false))
  // A refusal is not kept under the key: the retry runs afresh.
  await forgetClaim(deps, claim)
  return placed
}

async function answer(deps: OrdersDeps, order: Order, replayed: boolean): Promise<PlacedOrder> {
  return { order, replayed, orderToken: order.userId === null ? await deps.tokens.of(order.id) : null }
}

async function holdAndWrite(
  deps: OrdersDeps,
  buyer: Buyer,
  { items, shippingAddress }: PlaceOrder,
  quotes: Quote[],
  claim: Claim | undefined,
): Promise<Result<Order, OrdersFailure>> {
  const priced = priceOrder(items, quotes)
  if (!priced.ok) return priced
  const placedAt = deps.now()
  const expiresAt = addSeconds(placedAt, deps.holdSeconds)
  const id = deps.newOrderId()
  const placed = newOrder({ id, buyer, priced: priced.value, shippingAddress, placedAt, expiresAt })
  const held = await holdLines(deps, placed.order)
  return held.ok ? write(deps, placed, claim) : held
}

/**
 * Writes the order whose stock is held. When the answer is lost the order is read back; if that does not settle it,
 * nothing is released, for the order may yet appear: units off sale until the hold expires are the lesser harm.
 */
async function write(
  deps: OrdersDeps,
  placed: Pick<OrderChange, 'order' | 'event'>,
  claim: Claim | undefined,
): Promise<Result<Order, OrdersFailure>> {
  const { order } = placed
  try {
    if (await deps.store.insert(placed, claim)) return ok(order)
  } catch (error) {
    if (deps.isDefiniteFailure(error)) {
      await releaseLines(deps, order)
      throw error
    }
    const written = await deps.store.find(order.id)
    if (written !== undefined) return ok(written)
    throw error
  }
  // This attempt took so long that another one took its key over: the order is theirs to place.
  await releaseLines(deps, order)
  return fail({ code: 'idempotency_in_flight' })
}
