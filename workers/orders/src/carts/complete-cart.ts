import type { CartNotFound, OrdersFailure } from '@shop/contracts/orders/failures'
import type { Caller } from '@shop/kernel/caller'
import type { CurrencyCode } from '@shop/kernel/currencies'
import type { CartId } from '@shop/kernel/ids'
import { type InvalidAmount, toMinor } from '@shop/kernel/money'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../deps.ts'
import type { Order, ShippingAddress } from '../orders/domain/order.ts'
import type { OrderItem } from '../pricing/domain/price-order.ts'
import type { Cart } from './domain/cart.ts'
import type { CartRequest } from './domain/cart-request.ts'
import type { BeginFailure } from './domain/completion.ts'
import type { RequestKey } from './domain/request-key.ts'
import { type AllowedRequest, accessTo } from './internal/access-to.ts'
import { keyOfRequest } from './internal/key-of-request.ts'
import { rulesQueryOf } from './internal/read-market.ts'
import type { WriteConditions } from './internal/write-cart.ts'

/** What an order is made of. */
export type CartOrder = {
  items: OrderItem[]
  currency: CurrencyCode
  shippingAddress: ShippingAddress | null
  billingAddress: ShippingAddress | null
  email: string | null
  note: string | null
  codes: readonly string[]
  shippingOptionId: string | null
  vatId: string | null
  /** Minor units; undefined where any total will do. */
  expectedTotal: number | undefined
  /** The codes that have to apply; undefined where any will do. */
  expectedCodes: readonly string[] | undefined
  cartId: CartId
  /** By which limits count the client. */
  address: string
}

export type CompleteCart = CartRequest &
  WriteConditions & {
    /** In major units, as the buyer saw it. Default: what the cart answered last. */
    expectedTotal?: number | undefined
    address: string
  }

/** `orderToken` opens the order of a guest; null for an account. */
export type CompletedCart = { order: Order; orderToken: string | null; replayed: boolean }
export type CompleteFailure = OrdersFailure | BeginFailure | InvalidAmount

export type CompleteDeps = Pick<
  OrdersDeps,
  'carts' | 'cartTokens' | 'orders' | 'tokens' | 'recentRules' | 'newClaim' | 'now'
> & {
  /** Decides from the database. A second order of one cart is the first one, replayed. */
  placeOrder: (caller: Caller, request: CartOrder) => Promise<Result<CompletedCart, OrdersFailure>>
}

type Attempt = { request: CompleteCart; allowed: AllowedRequest; claim: string; key: RequestKey | undefined }

/**
 * Makes an order of a cart, once: the cart's object lets one attempt place the order and makes the others wait for it. A
 * refusal opens the cart again. What has no outcome leaves it as it is, and a later call finds out.
 */
export async function completeCart(
  deps: CompleteDeps,
  request: CompleteCart,
): Promise<Result<CompletedCart, CompleteFailure>> {
  const allowed = await accessTo(deps, request)
  if (!allowed.ok) return allowed
  const { idempotencyKey, expectedTotal } = request
  const key =
    idempotencyKey === undefined
      ? undefined
      : await keyOfRequest(deps, 'completeCart', { idempotencyKey, request: expectedTotal ?? null })
  return attempt(deps, { request, allowed: allowed.value, claim: deps.newClaim(), key })
}

async function attempt(
  deps: CompleteDeps,
  tried: Attempt,
  reopens?: Order['id'],
): Promise<Result<CompletedCart, CompleteFailure>> {
  const { request, allowed, claim, key } = tried
  const { cartId, access } = allowed
  const begun = await deps.carts.beginCompletion(cartId, { access, claim, key, versions: request.versions, reopens })
  if (!begun.ok) return begun
  if (begun.value.kind === 'completed') {
    const { orderId, isKnownKey } = begun.value
    const standing = isKnownKey ? undefined : await deps.orders.findOfCart(cartId)
    // Under a new key an order that was cancelled unpaid makes room for another one.
    if (standing === undefined && !isKnownKey && key !== undefined && reopens === undefined) {
      return attempt(deps, tried, orderId)
    }
    return replay(deps, request.caller, standing ?? (await deps.orders.find(orderId)))
  }
  const { cart, kind } = begun.value
  const placed = kind === 'unsettled' ? await deps.orders.findOfCart(cartId) : undefined
  if (placed === undefined) return place(deps, tried, cart)
  await deps.carts.endCompletion(cartId, { claim, key, order: placed })
  return replay(deps, request.caller, placed)
}

async function place(deps: CompleteDeps, tried: Attempt, cart: Cart): Promise<Result<CompletedCart, CompleteFailure>> {
  const { request, claim, key } = tried
  const expected = expectedOf(cart, request.expectedTotal)
  const placed = expected.ok
    ? await deps.placeOrder(request.caller, { ...orderOf(cart), ...expected.value, address: request.address })
    : expected
  if (placed.ok) {
    await deps.carts.endCompletion(cart.id, { claim, key, order: placed.value.order })
    return placed
  }
  if (STALE.has(placed.failure.code)) {
    // What the cart shows next must not be older than what this has found.
    deps.recentRules.forget(await rulesQueryOf(cart, deps.now()))
  }
  await deps.carts.endCompletion(cart.id, { claim, order: null })
  return placed
}

/** Refusals that show that the cart was priced by rules that are no longer those of now. */
const STALE: ReadonlySet<string> = new Set(['total_changed', 'code_not_applied'])

/** What the buyer has agreed to. */
function expectedOf(
  { currency, lastAnswer }: Cart,
  total: number | undefined,
): Result<Pick<CartOrder, 'expectedTotal' | 'expectedCodes'>, InvalidAmount> {
  if (total === undefined) return ok({ expectedTotal: lastAnswer?.total, expectedCodes: lastAnswer?.codes })
  const minor = toMinor(total, currency)
  return minor.ok ? ok({ expectedTotal: minor.value, expectedCodes: undefined }) : minor
}

function orderOf(cart: Cart): Omit<CartOrder, 'expectedTotal' | 'expectedCodes' | 'address'> {
  const { id: cartId, currency, shippingAddress, billingAddress, email, note, codes, shippingOptionId, vatId } = cart
  const items = cart.items.map(({ variantId, quantity }) => ({ variantId, quantity }))
  const entered = { shippingAddress, billingAddress, email, note, codes, shippingOptionId }
  return { items, currency, ...entered, vatId: vatId?.number ?? null, cartId }
}

/** An order of an account is shown to that account only, whoever had the token of the cart. */
async function replay(
  { tokens }: Pick<OrdersDeps, 'tokens'>,
  caller: Caller,
  order: Order | undefined,
): Promise<Result<CompletedCart, CartNotFound>> {
  const isOwn = order?.userId === null || (caller.kind === 'user' && caller.userId === order?.userId)
  if (order === undefined || !isOwn) return fail({ code: 'cart_not_found' })
  return ok({ order, orderToken: order.userId === null ? await tokens.of(order.id) : null, replayed: true })
}
