import type { CartCompleting, CartNotFound } from '@shop/contracts/orders/cart-failures'
import type { Result } from '@shop/kernel/result'
import type { ExpectedVersions, VersionConflict } from '@shop/kernel/versions'
import type { OrdersDeps } from '../deps.ts'
import type { CartRequest } from './domain/cart-request.ts'
import { accessTo } from './internal/access-to.ts'

/**
 * Deletes a cart and everything in it; its id is not used again. The object comes first: if the call is lost after that, the
 * sweep deletes the row.
 */
export async function deleteCart(
  deps: Pick<OrdersDeps, 'carts' | 'cartRows' | 'cartTokens'>,
  request: CartRequest & { versions: ExpectedVersions },
): Promise<Result<undefined, CartNotFound | CartCompleting | VersionConflict>> {
  const allowed = await accessTo(deps, request)
  if (!allowed.ok) return allowed
  const { cartId, access } = allowed.value
  const removed = await deps.carts.remove(cartId, { access, versions: request.versions })
  if (removed.ok) await deps.cartRows.delete(cartId)
  return removed
}
