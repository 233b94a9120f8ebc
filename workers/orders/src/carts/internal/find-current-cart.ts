import type { CartId, UserId } from '@shop/kernel/ids'
import type { Cart } from '../domain/cart.ts'
import { type ReadCartDeps, readCart } from './read-cart.ts'

/** So many of the newest carts are asked, one after the other. */
const MOST_ASKED = 20

/**
 * The newest open cart of an account. The database knows which there are, and each cart whether it is open. Those that are
 * not are marked as ended, so that the next call does not ask them, and goes on to older ones.
 */
export async function findCurrentCart(deps: ReadCartDeps, userId: UserId): Promise<Cart | undefined> {
  const access = { userId, isStaff: false, hasToken: false }
  const ended: CartId[] = []
  let current: Cart | undefined
  for (const cartId of await deps.cartRows.listNewest({ userId, limit: MOST_ASKED })) {
    const found = await readCart(deps, { cartId, access })
    const status = found.ok ? found.value.cart.status : 'gone'
    if (found.ok && (status === 'open' || status === 'completing')) {
      current = found.value.cart
      break
    }
    // A completed one stays: it is open again if its order is cancelled unpaid.
    if (status !== 'completed') ended.push(cartId)
  }
  if (ended.length > 0) await deps.cartRows.end(ended, deps.now())
  return current
}
