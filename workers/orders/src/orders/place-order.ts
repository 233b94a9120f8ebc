import type { OrdersFailure } from '@shop/contracts/orders/failures'
import type { Caller } from '@shop/kernel/caller'
import { ok, type Result } from '@shop/kernel/result'
import { type Buyer, buyerOf } from '../access/domain/buyer.ts'
import type { OrdersDeps } from '../deps.ts'
import type { OrderItem } from '../pricing/domain/price-order.ts'
import type { Order, ShippingAddress } from './domain/order.ts'
import { holdAndWrite, type WriteDeps } from './internal/hold-and-write.ts'
import { claimKey, claimOf, dropClaim } from './internal/idempotency.ts'
import type { KeyClaim } from './repository/idempotency-keys.ts'

export type PlaceOrder = {
  items: OrderItem[]
  shippingAddress: ShippingAddress | null
  email: string | null
  idempotencyKey?: string | undefined
}
/** `orderToken` opens the order of a guest; null for an account, which needs none. */
export type PlacedOrder = { order: Order; orderToken: string | null; replayed: boolean }

type PlaceDeps = WriteDeps & Pick<OrdersDeps, 'keys' | 'tokens' | 'newClaim' | 'warn'>

/**
 * Places an order: prices and key are read side by side, then all stock is held, then the order is written.
 *
 * The hold id is the fresh order id of this attempt, so an attempt releases only its own holds. Two database round trips
 * without a key, three with one (two of them at once).
 */
export async function placeOrder(
  deps: PlaceDeps,
  caller: Caller,
  request: PlaceOrder,
): Promise<Result<PlacedOrder, OrdersFailure>> {
  const buyer = buyerOf(caller, request.email)
  if (!buyer.ok) return buyer
  const claim = await claimOf(deps, buyer.value, request)
  if (!claim.ok) return claim
  return place(deps, buyer.value, request, claim.value).catch(async (error: unknown) => {
    await dropClaim(deps, claim.value)
    throw error
  })
}

async function place(
  deps: PlaceDeps,
  buyer: Buyer,
  { items, shippingAddress }: PlaceOrder,
  claim: KeyClaim | undefined,
): Promise<Result<PlacedOrder, OrdersFailure>> {
  const [quotes, key] = await Promise.all([
    deps.catalog.quote([...new Set(items.map((item) => item.productId))]),
    claimKey(deps, claim),
  ])
  if (!key.ok) return key
  if (key.value !== undefined) return ok(await answer(deps, key.value, true))
  const attempt = { buyer, items, shippingAddress, claim }
  const placed = quotes.ok ? await holdAndWrite(deps, { ...attempt, quotes: quotes.value }) : quotes
  if (placed.ok) return ok(await answer(deps, placed.value, false))
  // A refusal is not kept under the key: a retry runs afresh.
  await dropClaim(deps, claim)
  return placed
}

async function answer(deps: Pick<OrdersDeps, 'tokens'>, order: Order, replayed: boolean): Promise<PlacedOrder> {
  return { order, replayed, orderToken: order.userId === null ? await deps.tokens.of(order.id) : null }
}
