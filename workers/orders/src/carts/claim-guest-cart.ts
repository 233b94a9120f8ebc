import type { UserId } from '@shop/kernel/ids'
import type { OrdersDeps } from '../deps.ts'
import { rowOf } from './domain/cart-row.ts'
import { findCurrentCart } from './internal/find-current-cart.ts'
import type { ReadCartDeps } from './internal/read-cart.ts'

/** How many carts with the address are tried, the last changed first. */
const MOST_ASKED = 5

export type ClaimCartDeps = ReadCartDeps & Pick<OrdersDeps, 'carts' | 'cartRows'>

/**
 * Gives an account the newest cart that a guest has left with its verified address, unless the account has a current cart.
 * The rows only suggest carts; the object of each decides whether it can be claimed. Safe to repeat at any point.
 *
 * @param account.email normalized
 */
export async function claimGuestCart(deps: ClaimCartDeps, account: { userId: UserId; email: string }): Promise<void> {
  if ((await findCurrentCart(deps, account.userId)) !== undefined) return
  for (const cartId of await deps.cartRows.listOfGuest({ email: account.email, limit: MOST_ASKED })) {
    const claimed = await deps.carts.claim(cartId, account)
    if (!claimed.ok) continue
    await deps.cartRows.save(rowOf(claimed.value))
    return
  }
}
