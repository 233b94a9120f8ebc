import type { CartCompleting, CartNotFound, CartNotOpen } from '@shop/contracts/orders/cart-failures'
import type { CartId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import { type Cart, changed } from './cart.ts'
import { type CartAccess, mayChange } from './may-use.ts'

/**
 * Closes the cart of a guest, whose items go into another one. A second merge goes on with the cart that the first one
 * named, so that the items are in one cart only.
 */
export function markMerged(
  cart: Cart,
  { access, into }: { access: CartAccess; into: CartId },
  now: Date,
): Result<Cart, CartNotFound | CartNotOpen | CartCompleting> {
  if (!mayChange(cart, access) || cart.userId !== null) return fail({ code: 'cart_not_found' })
  if (cart.status === 'merged') return ok(cart)
  if (cart.status === 'completing') return fail({ code: 'cart_completing' })
  if (cart.status !== 'open') return fail({ code: 'cart_not_open', cartStatus: cart.status })
  return ok(changed(cart, { status: 'merged', mergedInto: into }, now))
}

/** Opens it again, where the other cart has refused the items. */
export function cancelMerge(cart: Cart, { into }: { into: CartId }, now: Date): Cart {
  if (cart.status !== 'merged' || cart.mergedInto !== into) return cart
  return changed(cart, { status: 'open', mergedInto: null }, now)
}
