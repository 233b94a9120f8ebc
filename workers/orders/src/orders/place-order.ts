import type { OrdersFailure } from '@shop/contracts/orders/failures'
import type { Caller } from '@shop/kernel/caller'
import { ok, type Result } from '@shop/kernel/result'
import { type Buyer, buyerOf } from '../access/domain/buyer.ts'
import { countersOf } from '../buyers/counters-of.ts'
import { areWorthReading } from '../buyers/domain/caps.ts'
import type { OrdersDeps } from '../deps.ts'
import type { OrderItem } from '../pricing/domain/price-order.ts'
import { type SellDeps, sellStock } from '../stock/sell-stock.ts'
import { type Order, type ShippingAddress, unitsOf } from './domain/order.ts'
import { holdAndWrite, type WriteDeps } from './internal/hold-and-write.ts'
import { claimKey, claimOf, dropClaim } from './internal/idempotency.ts'
import type { KeyClaim } from './repository/idempotency-keys.ts'

export type PlaceOrder = {
  items: OrderItem[]
  shippingAddress: ShippingAddress | null
  email: string | null
  /** By which limits count the client. */
  address: string
  idempotencyKey?: string | undefined
}
/** `orderToken` opens the order of a guest; null for an account, which needs none. */
export type PlacedOrder = { order: Order; orderToken: string | null; replayed: boolean }

type AnswerDeps = SellDeps & Pick<OrdersDeps, 'tokens' | 'warn'>
type PlaceDeps = WriteDeps & SellDeps & Pick<OrdersDeps, 'keys' | 'buyers' | 'caps' | 'tokens' | 'newClaim' | 'warn'>

/**
 * Places an order: prices are read beside the key and the buyer's counters, then all stock is held, then the order is
 * written.
 *
 * The hold id is the fresh order id of this attempt, so an attempt releases only its own holds. Two database round trips
 * without a key, three with one or for a guest (two of them at once). An order that costs nothing is sold at once.
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
  { items, shippingAddress, address }: PlaceOrder,
  claim: KeyClaim | undefined,
): Promise<Result<PlacedOrder, OrdersFailure>> {
  const counters = await countersOf(deps, buyer, address)
  const isWorthReading = areWorthReading(counters, unitsOf(items))
  const [quotes, claimed] = await Promise.all([
    deps.catalog.quote(items.map(({ quantity: _, ...ref }) => ref)),
    claimKey(deps, claim, { counters, isWorthReading }),
  ])
  if (!claimed.ok) return claimed
  const { known, states } = claimed.value
  if (known !== undefined) return ok(await answer(deps, known, true))
  const attempt = { buyer, items, shippingAddress, claim, counters, states }
  const placed = quotes.ok ? await holdAndWrite(deps, { ...attempt, quotes: quotes.value }) : quotes
  if (placed.ok) return ok(await answer(deps, placed.value, false))
  // A refusal is not kept under the key: a retry runs afresh.
  await dropClaim(deps, claim)
  return placed
}

async function answer(deps: AnswerDeps, placed: Order, replayed: boolean): Promise<PlacedOrder> {
  const isUnsold = placed.total === 0 && placed.status === 'processing' && !placed.stockCommitted
  const order = isUnsold ? await sold(deps, placed) : placed
  return { order, replayed, orderToken: order.userId === null ? await deps.tokens.of(order.id) : null }
}

/** The order after its stock is sold. It is placed whatever comes of that: the sweep repeats what fails. */
async function sold(deps: SellDeps & Pick<OrdersDeps, 'warn'>, order: Order): Promise<Order> {
  try {
    await sellStock(deps, order)
    return (await deps.orders.find(order.id)) ?? order
  } catch (error) {
    deps.warn('order_unsold', { orderId: order.id, error })
    return order
  }
}
