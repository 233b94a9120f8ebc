import type { CartCompleting, CartNotFound } from '@shop/contracts/orders/cart-failures'
import { fail, ok, type Result } from '@shop/kernel/result'
import { checkVersion, type ExpectedVersions, type VersionConflict } from '@shop/kernel/versions'
import { type Cart, changed } from './cart.ts'
import { isLost } from './completion.ts'
import { emptied } from './expiry.ts'
import { type CartAccess, mayChange } from './may-use.ts'

export type Removal = { access: CartAccess; versions: ExpectedVersions }

/**
 * Deletes a cart: in whatever state, but not while an order is made of it.
 *
 * @returns what its object keeps: only that there was a cart, since its id is derived from a key or from another cart, and a
 *   repeated request must not make it again
 */
export function decideRemoval(
  cart: Cart,
  { access, versions }: Removal,
  now: Date,
): Result<Cart, CartNotFound | CartCompleting | VersionConflict> {
  if (!mayChange(cart, access)) return fail({ code: 'cart_not_found' })
  if (cart.status === 'completing') return fail({ code: 'cart_completing' })
  const isExpected = checkVersion(versions, cart.version)
  if (!isExpected.ok) return isExpected
  return ok(removed(cart, now))
}

/**
 * Deletes a cart whose owner was erased. In any state, except while an order is made of it. An attempt that was lost does not
 * count: nobody settles it any more, and an order that it placed is erased by itself.
 */
export function decideErasure(cart: Cart, now: Date): Result<Cart, CartCompleting> {
  const isMakingOrder = cart.status === 'completing' && !isLost(cart, now)
  return isMakingOrder ? fail({ code: 'cart_completing' }) : ok(removed(cart, now))
}

function removed(cart: Cart, now: Date): Cart {
  const nobodys = { userId: null, orderId: null, mergedInto: null, completion: null }
  return { ...emptied(changed(cart, nobodys, now)), isDeleted: true }
}
