import type { CartNotFound, CartNotOpen } from '@shop/contracts/orders/failures'
import { normalEmail } from '@shop/kernel/email'
import type { UserId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import { type Cart, changed } from './cart.ts'

/** What a guest has entered beside the items. Anybody may enter any address, so it is not the account's. */
const NOT_OF_ACCOUNT = { shippingAddress: null, billingAddress: null, shippingOptionId: null, vatId: null, note: null }

/**
 * Gives the open cart of a guest to the account with its e-mail address. From then on its token opens it no more, since the
 * account may enter what is its own.
 *
 * The items and codes stay. Addresses are forgotten: else a stranger could have the account order to an address of theirs.
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
