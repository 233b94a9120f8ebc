import type { CartCompleting, CartNotFound, OrdersFailure } from '@shop/contracts/orders/failures'
import type { Caller } from '@shop/kernel/caller'
import { isCurrencyCode } from '@shop/kernel/currencies'
import { toMajor, toMinor } from '@shop/kernel/money'
import { fail, ok, type Result } from '@shop/kernel/result'
import { isOwnedBy, placedBy } from '../access/domain/visibility.ts'
import type { OrdersDeps } from '../deps.ts'
import type { Order } from '../orders/domain/order.ts'
import type { OrderRequest } from '../orders/domain/order-request.ts'
import { type PlaceDeps, type PlacedOrder, placeOrder } from '../orders/place-order.ts'
import type { Cart, LastAnswer } from './domain/cart.ts'
import type { CartRequest } from './domain/cart-request.ts'
import { hasRow, rowOf } from './domain/cart-row.ts'
import type { BeginFailure } from './domain/completion.ts'
import type { RequestKey } from './domain/request-key.ts'
import { type AllowedRequest, accessTo } from './internal/access-to.ts'
import { keyOfRequest } from './internal/key-of-request.ts'
import { queryOfCart } from './internal/read-market.ts'
import type { WriteConditions } from './internal/write-cart.ts'

export type CompleteCart = CartRequest &
  WriteConditions & {
    /** In major units, as the buyer saw it. Default: what the cart answered last. */
    expectedTotal?: number | undefined
    address: string
  }

export type CompleteFailure = OrdersFailure | BeginFailure | CartCompleting

export type CompleteDeps = PlaceDeps & Pick<OrdersDeps, 'carts' | 'cartRows' | 'cartTokens' | 'recentRules'>

type Attempt = { request: CompleteCart; allowed: AllowedRequest; claim: string; key: RequestKey | undefined }

/**
 * Makes an order of a cart, once: the cart's object lets one attempt place the order and makes the others wait for it. A
 * refusal opens the cart again. An attempt without an outcome leaves it `completing`, and a later call settles it.
 */
export async function completeCart(
  deps: CompleteDeps,
  request: CompleteCart,
): Promise<Result<PlacedOrder, CompleteFailure>> {
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
): Promise<Result<PlacedOrder, CompleteFailure>> {
  const { request, allowed, claim, key } = tried
  const { cartId, access } = allowed
  const begun = await deps.carts.beginCompletion(cartId, { access, claim, key, versions: request.versions, reopens })
  if (!begun.ok) return begun
  if (begun.value.kind === 'completed') {
    const { orderId, isKnownKey } = begun.value
    if (isKnownKey) return replay(deps, request.caller, await deps.orders.find(orderId))
    const standing = await deps.orders.findOfCart(cartId)
    if (standing !== undefined) return replay(deps, request.caller, standing)
    // An order that was cancelled unpaid makes room for another one.
    return reopens === undefined ? attempt(deps, tried, orderId) : fail({ code: 'cart_completing' })
  }
  const { cart, kind } = begun.value
  // Its row says that it is completed. If this attempt is refused, it has to be found again.
  if (reopens !== undefined && hasRow(cart)) await deps.cartRows.reopen(rowOf(cart), deps.now())
  const placed = kind === 'unsettled' ? await deps.orders.findOfCart(cartId) : undefined
  if (placed === undefined) return place(deps, tried, cart)
  await end(deps, tried, cart, placed)
  return replay(deps, request.caller, placed)
}

/** Decides from the database. An order that the cart already has is answered again. */
async function place(deps: CompleteDeps, tried: Attempt, cart: Cart): Promise<Result<PlacedOrder, CompleteFailure>> {
  const { request, claim } = tried
  const placed = await placeOrEnd(deps, tried, cart)
  if (placed.ok) {
    const { order, replayed } = placed.value
    await end(deps, tried, cart, order)
    return replayed ? replay(deps, request.caller, order) : placed
  }
  const answer = lastAnswerOfRefusal(placed.failure)
  if (answer !== undefined || placed.failure.code === 'code_not_applied') {
    // What the cart shows next must not be older than what this has found.
    deps.recentRules.forget(await queryOfCart(cart, deps.now()))
  }
  await deps.carts.endCompletion(cart.id, { claim, order: null, answer })
  return placed
}

/** An account that has completed the cart of a guest can be found by it. */
async function end(deps: CompleteDeps, { claim, key }: Attempt, cart: Cart, order: Order): Promise<void> {
  const userId = placedBy(order)
  await deps.carts.endCompletion(cart.id, { claim, key, order: { id: order.id, userId } })
  if (cart.userId === null && userId !== null) await deps.cartRows.save(rowOf({ ...cart, userId }))
}

/** Opens the cart again when placing its order fails without an effect. What may have had one stays, and is settled later. */
async function placeOrEnd(deps: CompleteDeps, { request, claim }: Attempt, cart: Cart) {
  let isWritten = false
  const insert: typeof deps.orders.insert = (...order) => {
    isWritten = true
    return deps.orders.insert(...order)
  }
  try {
    return await placeOrder({ ...deps, orders: { ...deps.orders, insert } }, request.caller, orderOf(cart, request))
  } catch (error) {
    if (!isWritten || deps.hadNoEffect(error)) await deps.carts.endCompletion(cart.id, { claim, order: null })
    throw error
  }
}

/** A refusal that shows the new total counts as the last answer: a buyer who completes the cart again agrees to it. */
function lastAnswerOfRefusal(failure: OrdersFailure): LastAnswer | undefined {
  if (failure.code !== 'total_changed' || !isCurrencyCode(failure.currency)) return undefined
  const { currency, codes, totalAmount } = failure
  const total = toMinor(totalAmount, currency)
  return total.ok ? { total: total.value, currency, codes } : undefined
}

function orderOf(cart: Cart, { expectedTotal, address }: CompleteCart): OrderRequest {
  const { id: cartId, currency, shippingAddress, billingAddress, email, note, codes, shippingOptionId, vatId } = cart
  const { lastAnswer } = cart
  return {
    items: cart.items.map(({ variantId, quantity }) => ({ variantId, quantity })),
    ...{ cartId, currency, shippingAddress, billingAddress, email, note, shippingOptionId, address },
    codes: [...codes],
    giftCards: (cart.giftCardIds ?? []).map((id) => ({ id })),
    vatId: vatId?.number ?? null,
    expectedTotalAmount: expectedTotal ?? (lastAnswer === null ? undefined : toMajor(lastAnswer.total, currency)),
    // Without what was seen, each code has to apply.
    expectedCodes: lastAnswer === null ? undefined : [...lastAnswer.codes],
  }
}

/** Answers an order again. The order of an account is shown to that account only: a cart token does not open it. */
async function replay(
  { tokens }: Pick<OrdersDeps, 'tokens'>,
  caller: Caller,
  order: Order | undefined,
): Promise<Result<PlacedOrder, CartNotFound>> {
  if (order === undefined) return fail({ code: 'cart_not_found' })
  const isOfGuest = placedBy(order) === null
  if (!isOfGuest && !isOwnedBy(order, caller)) return fail({ code: 'cart_not_found' })
  return ok({ order, orderToken: isOfGuest ? await tokens.of(order.id) : null, replayed: true })
}
