import type { CartNotFound } from '@shop/contracts/orders/cart-failures'
import { type AuthenticationRequired, requireUser } from '@shop/kernel/caller'
import { derivedId } from '@shop/kernel/derived-id'
import type { CartId, UserId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import { type Cart, newCart } from './domain/cart.ts'
import type { CartRequest } from './domain/cart-request.ts'
import { rowOf } from './domain/cart-row.ts'
import type { CartAccess } from './domain/may-use.ts'
import type { RequestKey } from './domain/request-key.ts'
import { type AllowedRequest, accessTo } from './internal/access-to.ts'
import { findCurrentCart } from './internal/find-current-cart.ts'
import { keyOfRequest } from './internal/key-of-request.ts'
import { readCart } from './internal/read-cart.ts'
import {
  type CartWriteFailure,
  type WriteCartDeps,
  type WriteConditions,
  type WrittenAnswer,
  writeAllowed,
} from './internal/write-cart.ts'

type MergeFailure = CartWriteFailure | CartNotFound | AuthenticationRequired

/**
 * Puts the items of a guest's cart into the current cart of the account that has signed in, or into a new one.
 *
 * The guest's cart is closed first, and names the other one: so its items are in one cart only, and a call that was interrupted
 * or is repeated goes on with the same two carts.
 */
export async function mergeCart(
  deps: WriteCartDeps,
  request: CartRequest & Pick<WriteConditions, 'idempotencyKey'>,
): Promise<Result<WrittenAnswer, MergeFailure>> {
  const user = requireUser(request.caller)
  if (!user.ok) return user
  const allowed = await accessTo(deps, request)
  if (!allowed.ok) return allowed
  // By the token alone: staff may read the cart, and nothing else.
  const guest = { ...allowed.value, access: { userId: null, isStaff: false, hasToken: allowed.value.access.hasToken } }
  const found = await readCart(deps, guest)
  if (!found.ok) return fail({ code: 'cart_not_found' })
  const { userId } = user.value
  const { mergedInto } = found.value.cart
  const current = mergedInto === null ? await findCurrentCart(deps, userId) : undefined
  const own = await derivedId('cart', `merged:v1:${guest.cartId}:${userId}`)
  const into = mergedInto ?? current?.id ?? own
  const sentKey = await sentKeyOf(deps, request)
  if (await isReused(deps, into, { userId, sentKey })) return fail({ code: 'idempotency_key_reused' })
  const merge = { guest, userId, own, sentKey, wasOpen: mergedInto === null }
  const first = await mergeInto(deps, { ...merge, into })
  if (first.ok || current === undefined) return first
  // The current cart was closed or deleted in between.
  const { code } = first.failure
  return code === 'cart_not_open' || code === 'cart_not_found' ? mergeInto(deps, { ...merge, into: own }) : first
}

/** The guest's cart is the request of a key: it is put into one cart only. */
async function sentKeyOf(
  deps: Pick<WriteCartDeps, 'newClaim'>,
  { idempotencyKey, cartId }: CartRequest & Pick<WriteConditions, 'idempotencyKey'>,
): Promise<RequestKey | undefined> {
  if (idempotencyKey === undefined) return undefined
  return keyOfRequest(deps, 'mergeCart', { idempotencyKey, request: cartId })
}

/** Asked before the guest's cart is closed. */
async function isReused(
  { carts }: Pick<WriteCartDeps, 'carts'>,
  into: CartId,
  { userId, sentKey }: Pick<Merge, 'userId' | 'sentKey'>,
): Promise<boolean> {
  if (sentKey === undefined) return false
  const known = await carts.read(into, { access: { userId, isStaff: false, hasToken: false }, key: sentKey })
  return !known.ok && known.failure.code === 'idempotency_key_reused'
}

type Merge = {
  guest: AllowedRequest
  userId: UserId
  into: CartId
  /** The id of the cart that is made for the account where it has none. */
  own: CartId
  sentKey: RequestKey | undefined
  /** Whether the guest's cart was in no other one before. */
  wasOpen: boolean
}

async function mergeInto(
  deps: WriteCartDeps,
  { guest, userId, into, own, sentKey, wasOpen }: Merge,
): Promise<Result<WrittenAnswer, MergeFailure>> {
  const { access } = guest
  const marked = await deps.carts.markMerged(guest.cartId, { access, into })
  if (!marked.ok) return marked
  const target = marked.value.mergedInto ?? into
  const { items, currency } = marked.value
  const owner = { userId, isStaff: false, hasToken: false }
  if (target === own) await makeOwn(deps, marked.value, { own, owner })
  const merged = await writeAllowed(
    deps,
    { cartId: target, access: owner },
    { versions: undefined },
    {
      operation: 'mergeCart',
      request: guest.cartId,
      key: { key: `merge:${guest.cartId}`, requestHash: 'merge', subject: guest.cartId },
      sentKey,
      refs: items.map(({ variantId }) => ({ variantId })),
      change: () => ok({ kind: 'merge_items', items, currency }),
    },
  )
  if (merged.ok) await deps.cartRows.end([guest.cartId], deps.now())
  else if (isRefusal(merged.failure, wasOpen)) await deps.carts.cancelMerge(guest.cartId, { into: target })
  return merged
}

const REFUSALS: ReadonlySet<MergeFailure['code']> = new Set([
  'cart_too_large',
  'cart_not_open',
  'cart_completing',
  'idempotency_key_reused',
])

/**
 * Whether the items are still the guest's. What has no outcome stays as it is, for a repeated call, and so does what was merged
 * into a cart that was deleted since.
 */
function isRefusal({ code }: MergeFailure, wasOpen: boolean): boolean {
  return REFUSALS.has(code) || (code === 'cart_not_found' && wasOpen)
}

/** The account's own cart, with what the guest has entered. */
async function makeOwn(
  deps: WriteCartDeps,
  guest: Cart,
  { own, owner }: { own: CartId; owner: CartAccess & { userId: UserId } },
): Promise<void> {
  const { currency, email, shippingAddress, billingAddress, shippingOptionId, codes, vatId, note } = guest
  const entered = { email, shippingAddress, billingAddress, shippingOptionId, codes, vatId, note }
  const cart = { ...newCart({ id: own, userId: owner.userId, currency, now: deps.now() }), ...entered }
  const key = { key: 'merge', requestHash: guest.id, subject: own }
  const made = await deps.carts.create(own, { cart, key, access: owner })
  if (made.ok) await deps.cartRows.save(rowOf(made.value.cart))
}
