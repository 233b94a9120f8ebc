import {
  addSeconds,
  type Caller,
  fail,
  type Order,
  type OrdersFailure,
  ok,
  type Quote,
  type Result,
  requireUser,
  type ShippingAddress,
  type UserCaller,
} from '@shop/contracts'
import { type OrderItem, priceOrder } from '../domain/pricing.ts'
import type { Claim, OrdersDeps } from '../ports.ts'
import { holdLines, releaseLines } from './hold-lines.ts'

export type PlaceOrder = {
  items: OrderItem[]
  shippingAddress: ShippingAddress | null
  idempotencyKey?: string | undefined
}
export type PlacedOrder = { order: Order; replayed: boolean }

/** An attempt that has not finished in this time is taken to be dead, and the next one may take its key over. */
const CLAIM_SECONDS = 60

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
  const user = requireUser(caller)
  if (!user.ok) return user
  const claim = await claimOf(deps, user.value, request)
  const [quotes, key] = await Promise.all([
    deps.catalog.quote([...new Set(request.items.map((item) => item.productId))]),
    claim === undefined ? ('claimed' as const) : claimKey(deps, claim),
  ])
  if (key === 'in_flight') return fail({ code: 'idempotency_in_flight' })
  if (key === 'other_request') return fail({ code: 'idempotency_key_reused' })
  if (key !== 'claimed') return ok({ order: key, replayed: true })

  const placed = quotes.ok ? await holdAndWrite(deps, user.value, request, quotes.value, claim) : quotes
  // Nothing was written, so nothing is kept under the key: the retry runs afresh.
  if (!placed.ok && claim !== undefined) await deps.store.dropClaim(claim)
  return placed.ok ? ok({ order: placed.value, replayed: false }) : placed
}

async function holdAndWrite(
  deps: OrdersDeps,
  user: UserCaller,
  request: PlaceOrder,
  quotes: Quote[],
  claim: Claim | undefined,
): Promise<Result<Order, OrdersFailure>> {
  const priced = priceOrder(request.items, quotes)
  if (!priced.ok) return priced
  const now = deps.now()
  const order: Order = {
    id: deps.newOrderId(),
    userId: user.userId,
    status: 'pending',
    paymentStatus: 'unpaid',
    cancelReason: null,
    ...priced.value,
    shippingAddress: request.shippingAddress,
    createdAt: now,
    updatedAt: now,
    expiresAt: addSeconds(now, deps.holdSeconds),
    paymentId: null,
    stockCommitted: false,
    version: 1,
  }
  const held = await holdLines(deps, order)
  if (!held.ok) return held
  return write(deps, order, claim)
}

/**
 * Writes the order whose stock is held. When the answer is lost the order is read back; if that does not settle it,
 * nothing is released, for the order may yet appear: units off sale until the hold expires are the lesser harm.
 */
async function write(deps: OrdersDeps, order: Order, claim: Claim | undefined): Promise<Result<Order, OrdersFailure>> {
  try {
    if (await deps.store.insert(order, claim)) return ok(order)
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

async function claimOf(deps: OrdersDeps, user: UserCaller, request: PlaceOrder): Promise<Claim | undefined> {
  if (request.idempotencyKey === undefined) return undefined
  const requestHash = await deps.sha256(JSON.stringify([request.items, request.shippingAddress]))
  return { scope: `${user.userId}:placeOrder`, key: request.idempotencyKey, requestHash, claim: deps.newClaim() }
}

function claimKey(deps: OrdersDeps, claim: Claim) {
  const now = deps.now()
  return deps.store.claimKey(claim, { now, claimedUntil: addSeconds(now, CLAIM_SECONDS) })
}
