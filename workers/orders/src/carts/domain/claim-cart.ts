import type { CartNotFound, CartNotOpen } from '@shop/contracts/orders/cart-failures'
import { normalEmail } from '@shop/kernel/email'
import type { UserId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import { type Cart, changed } from './cart.ts'

/**
 * What a guest has entered besides the items. Anybody can enter the e-mail address of another person, so the account gets none
 * of it.
 */
const NOT_OF_ACCOUNT = { shippingAddress: null, billingAddress: null, shippingOptionId: null, vatId: null, note: null }

/**
 * Gives the open cart of a guest to the account with its e-mail address. Its token no longer opens it, since the owner of the
 * account may enter personal data.
 *
 * The items and codes stay. Addresses are deleted: otherwise a stranger could make the account order to their own address.
 *
 * @param account.email normalized
 */
export function claimCart(
  cart: Cart,
  { userId, email }: { userId: UserId; email: string },
  now: Date,
): Result<Cart, CartNotFound | CartNotOpen> {
  const isTheirs = cart.email !== null && normalEmail(cart.email) === email && cart.items.length > 0
  if (!isTheirs || (cart.userId !== null && cart.userId !== userId)) return fail({ code: 'cart_not_found' })
  if (cart.status !== 'open') return fail({ code: 'cart_not_open', cartStatus: cart.status })
  return ok(cart.userId === userId ? cart : changed(cart, { userId, ...NOT_OF_ACCOUNT }, now))
}
