import type { UserId } from '@shop/kernel/ids'
import type { Cart } from '../domain/cart.ts'
import { type ReadCartDeps, readCart } from './read-cart.ts'

/** So many of the newest carts are asked. Older ones are open only where several were made one after the other. */
const MOST_ASKED = 5

/** The newest open cart of an account. The database knows which there are, and each cart whether it is open. */
export async function findCurrentCart(deps: ReadCartDeps, userId: UserId): Promise<Cart | undefined> {
  const access = { userId, isStaff: false, hasToken: false }
  for (const cartId of await deps.cartRows.listNewest({ userId, limit: MOST_ASKED })) {
    const found = await readCart(deps, { cartId, access })
    if (found.ok && (found.value.cart.status === 'open' || found.value.cart.status === 'completing')) {
      return found.value.cart
    }
  }
  return undefined
}
