import type { QuoteFailure, VariantRef } from '@shop/contracts/catalog/rpc'
import type { IdempotencyKeyReused } from '@shop/kernel/idempotency'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { ExpectedVersions } from '@shop/kernel/versions'
import type { OrdersDeps } from '../../deps.ts'
import type { Cart, CartFields } from '../domain/cart.ts'
import { type CartAnswer, lastAnswerOf } from '../domain/cart-answer.ts'
import type { CartRequest } from '../domain/cart-request.ts'
import { hasRow, isFirstOfDay, rowOf } from '../domain/cart-row.ts'
import { offerOf } from '../domain/items/offer.ts'
import { type CartAccess, mayChange } from '../domain/may-use.ts'
import type { RequestKey } from '../domain/request-key.ts'
import { type CartChange, type CartWrite, writeCart as decideWrite, type WriteFailure } from '../domain/write-cart.ts'
import { type AllowedRequest, accessTo } from './access-to.ts'
import { type AnswerDeps, type AnswerFailure, answerCart, priceAnswer } from './answer-cart.ts'
import { keyOfRequest } from './key-of-request.ts'
import { type ReadCartDeps, readCart } from './read-cart.ts'
import { type Market, readMarket } from './read-market.ts'

export type WriteCartDeps = AnswerDeps & ReadCartDeps & Pick<OrdersDeps, 'cartTokens' | 'newClaim' | 'newId'>

/** What every change of a cart may carry. */
export type WriteConditions = { versions: ExpectedVersions; idempotencyKey?: string | undefined }

export type CartWriteRequest = CartRequest & WriteConditions
/** A cart as it is answered to a write. */
export type WrittenAnswer = CartAnswer & { isReplayed: boolean }
export type CartWriteFailure = WriteFailure | AnswerFailure | IdempotencyKeyReused

type Steps<F> = {
  /** Names what is asked; `request` is everything that a repetition must repeat. */
  operation: string
  request: unknown
  /** Variants beside those in the cart. */
  refs?: readonly VariantRef[]
  /** What the cart has after the change, where that decides about prices. */
  fields?: Partial<CartFields>
  /** Default: that of the request, or one of its own. */
  key?: RequestKey
  /** What the request was sent with, where `key` is given: the cart then knows both. */
  sentKey?: RequestKey | undefined
  /** Makes the change. `asked` has a quote for each of `refs`. */
  change: (asked: Market['quotes']) => Result<CartChange, F>
}

/**
 * Changes a cart for a caller who may, and answers it as it is then. Two calls of its object, of which one writes; two more
 * where another request changed the cart between them. No round trip to the database while the rules are known, but for the
 * first change of a day.
 */
export async function writeCart<F extends QuoteFailure = never>(
  deps: WriteCartDeps,
  request: CartWriteRequest,
  steps: Steps<F>,
): Promise<Result<WrittenAnswer, CartWriteFailure | F>> {
  const allowed = await accessTo(deps, request)
  return allowed.ok ? writeAllowed(deps, allowed.value, request, steps) : allowed
}

/** The same for a caller whose right is known. */
export async function writeAllowed<F extends QuoteFailure = never>(
  deps: WriteCartDeps,
  { cartId, access }: AllowedRequest,
  { versions, idempotencyKey }: WriteConditions,
  { operation, request, refs = [], fields = {}, change, ...steps }: Steps<F>,
): Promise<Result<WrittenAnswer, CartWriteFailure | F>> {
  const { sentKey } = steps
  const key = steps.key ?? (await keyOfRequest(deps, operation, { idempotencyKey, request }))
  const found = await readCart(deps, { cartId, access, key })
  if (!found.ok) return found
  const { cart: before, isKnownKey } = found.value
  if (isKnownKey) return replayed(deps, before, access)
  const own = before.items.map(({ variantId }) => ({ variantId }))
  const market = await readMarket(deps, { ...before, ...fields }, [...refs, ...own])
  if (!market.ok) return market
  const made = change(market.value.quotes.slice(0, refs.length))
  if (!made.ok) return made
  const offers = market.value.quotes.flatMap((quote) => (quote.ok ? [offerOf(quote.value)] : []))
  const write = { access, change: made.value, offers, versions }
  const foreseen = await foresee(deps, before, write, market.value)
  const written = await deps.carts.write(cartId, { ...write, key, sentKey, shown: foreseen && shownBy(foreseen) })
  if (!written.ok) return written
  const { cart, changes, isReplayed } = written.value
  if (hasRow(cart) && isFirstOfDay(before, cart)) await deps.cartRows.save(rowOf(cart))
  if (foreseen?.cart.version === cart.version && !isReplayed) return ok({ ...foreseen, cart, isReplayed })
  const answer = await answerCart(deps, { cart, access, changes, market: market.value })
  return answer.ok ? ok({ ...answer.value, isReplayed }) : answer
}

/**
 * The answer if the cart is still as it was read when it is changed, so that its object keeps what the buyer is shown
 * together with the change. Undefined for a change that will be refused, or has no price.
 */
async function foresee(
  deps: WriteCartDeps,
  before: Cart,
  write: CartWrite,
  market: Market,
): Promise<CartAnswer | undefined> {
  const decided = decideWrite(before, write, deps.now())
  if (!decided.ok) return undefined
  const answer = await priceAnswer(deps, { ...decided.value, market })
  return answer.ok ? answer.value : undefined
}

const shownBy = (answer: CartAnswer) => ({ version: answer.cart.version, answer: lastAnswerOf(answer) })

/** The answer to a request that was applied before: the cart as it is now. */
async function replayed(deps: AnswerDeps, cart: Cart, access: CartAccess) {
  const answer = mayChange(cart, access) ? await answerCart(deps, { cart, access }) : fail({ code: 'cart_not_found' })
  return answer.ok ? ok({ ...answer.value, isReplayed: true }) : answer
}
