import type { CartNotFound, CartNotOpen } from '@shop/contracts/orders/failures'
import { fail, type Result } from '@shop/kernel/result'
import { checkVersion, type ExpectedVersions, type VersionConflict } from '@shop/kernel/versions'
import type { Cart } from './cart.ts'
import { type CartAccess, mayChange } from './may-use.ts'

export type Removal = { access: CartAccess; versions: ExpectedVersions }

/** Whether a cart may be deleted: in whatever state, but not while an order is made of it. */
export function decideRemoval(
  cart: Cart,
  { access, versions }: Removal,
): Result<undefined, CartNotFound | CartNotOpen | VersionConflict> {
  if (!mayChange(cart, access)) return fail({ code: 'cart_not_found' })
  if (cart.status === 'completing') return fail({ code: 'cart_not_open', cartStatus: cart.status })
  return checkVersion(versions, cart.version)
}
