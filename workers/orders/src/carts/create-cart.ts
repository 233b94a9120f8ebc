import type { QuoteFailure } from '@shop/contracts/catalog/rpc'
import type { CartNotFound, CartTooLarge } from '@shop/contracts/orders/cart-failures'
import type { IdempotencyKeyTooWeak } from '@shop/contracts/orders/failures'
import type { Caller } from '@shop/kernel/caller'
import type { CurrencyCode } from '@shop/kernel/currencies'
import { derivedId } from '@shop/kernel/derived-id'
import type { IdempotencyKeyReused } from '@shop/kernel/idempotency'
import type { CartId, UserId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import { isUnguessable } from '../access/domain/buyer.ts'
import type { OrdersDeps } from '../deps.ts'
import type { OrderItem } from '../pricing/domain/price-order.ts'
import { newCart } from './domain/cart.ts'
import { type CartAnswer, lastAnswerOf } from './domain/cart-answer.ts'
import { hasRow, rowOf } from './domain/cart-row.ts'
import { addItems } from './domain/items/add-items.ts'
import { applyOffers, offerOf } from './domain/items/offer.ts'
import type { CartAccess } from './domain/may-use.ts'
import type { RequestKey } from './domain/request-key.ts'
import { type AnswerDeps, type AnswerFailure, answerCart, priceAnswer } from './internal/answer-cart.ts'
import { keyOfRequest } from './internal/key-of-request.ts'
import { readMarket } from './internal/read-market.ts'
import { toItems } from './internal/to-items.ts'

export type CreateCart = {
  /** Default: that of the shop. */
  currency?: CurrencyCode | undefined
  items: OrderItem[]
  idempotencyKey?: string | undefined
}

/** `cartToken` opens the cart of a guest; null for an account, which needs none. */
export type CreatedCart = CartAnswer & { cartToken: string | null; isReplayed: boolean }

type CreateDeps = AnswerDeps & Pick<OrdersDeps, 'defaultCurrency' | 'cartRows' | 'cartTokens' | 'newClaim' | 'newId'>
type CreateFailure =
  | QuoteFailure
  | CartNotFound
  | CartTooLarge
  | IdempotencyKeyTooWeak
  | IdempotencyKeyReused
  | AnswerFailure

/**
 * Makes a cart, which becomes the current one of its account. The id of one that is made with a key is derived from the key, so
 * that a repeated call finds the same object.
 */
export async function createCart(
  deps: CreateDeps,
  caller: Caller,
  request: CreateCart,
): Promise<Result<CreatedCart, CreateFailure>> {
  const { idempotencyKey } = request
  const userId = caller.kind === 'user' ? caller.userId : null
  if (userId === null && idempotencyKey !== undefined && !isUnguessable(idempotencyKey)) {
    return fail({ code: 'idempotency_key_too_weak' })
  }
  const id = await idOf(deps, userId ?? 'guest', idempotencyKey)
  const access = { userId, isStaff: false, hasToken: userId === null }
  const key = await keyOfRequest(deps, 'createCart', { idempotencyKey, request: [request.currency, request.items] })
  const known = idempotencyKey === undefined ? undefined : await deps.carts.read(id, { access, key })
  if (known?.ok) return answer(deps, { cart: known.value.cart, access, isReplayed: true })
  if (known?.failure.code === 'idempotency_key_reused') return fail(known.failure)
  const made = await makeCart(deps, request, { id, userId, key: { ...key, subject: id }, access })
  return made.ok ? answer(deps, { ...made.value, access }) : made
}

type Making = { id: CartId; userId: UserId | null; key: RequestKey; access: CartAccess }

async function makeCart(deps: CreateDeps, { currency = deps.defaultCurrency, items }: CreateCart, making: Making) {
  const { id, userId, key, access } = making
  const empty = newCart({ id, userId, currency, now: deps.now() })
  const refs = items.map(({ quantity: _, ...ref }) => ref)
  const market = await readMarket(deps, empty, refs)
  if (!market.ok) return market
  const quantities = items.map(({ quantity }) => quantity)
  const wanted = toItems(deps, quantities, market.value.quotes)
  const added = wanted.ok ? addItems([], wanted.value) : wanted
  if (!added.ok) return added
  const offers = market.value.quotes.flatMap((quote) => (quote.ok ? [offerOf(quote.value)] : []))
  const { items: adapted, changes } = applyOffers(added.value, offers)
  const cart = { ...empty, items: adapted }
  const priced = await priceAnswer(deps, { cart, changes, market: market.value })
  if (!priced.ok) return priced
  const made = await deps.carts.create(id, { cart: { ...cart, lastAnswer: lastAnswerOf(priced.value) }, key, access })
  if (!made.ok) return made
  const { isReplayed } = made.value
  return ok({ ...made.value, changes: isReplayed ? [] : changes, market: market.value })
}

type Made = Parameters<typeof answerCart>[1] & { isReplayed: boolean }

/** The row is written each time, since the call before may have been lost between the cart and its row. */
async function answer(deps: CreateDeps, made: Made): Promise<Result<CreatedCart, AnswerFailure>> {
  const { cart, isReplayed } = made
  if (cart.status === 'open' && hasRow(cart)) await deps.cartRows.save(rowOf(cart))
  const answered = await answerCart(deps, made)
  if (!answered.ok) return answered
  const cartToken = cart.userId === null ? await deps.cartTokens.of(cart.id) : null
  return ok({ ...answered.value, isReplayed, cartToken })
}

/** A fresh one without a key. */
async function idOf(
  { newId }: Pick<OrdersDeps, 'newId'>,
  owner: string,
  idempotencyKey: string | undefined,
): Promise<CartId> {
  return idempotencyKey === undefined ? newId('cart') : derivedId('cart', `cart:v1:${owner}:${idempotencyKey}`)
}
