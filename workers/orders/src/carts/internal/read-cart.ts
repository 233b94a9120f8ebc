import type { CartNotFound } from '@shop/contracts/orders/failures'
import type { IdempotencyKeyReused } from '@shop/kernel/idempotency'
import type { Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../../deps.ts'
import type { Cart } from '../domain/cart.ts'
import type { RequestKey } from '../domain/request-key.ts'
import type { AllowedRequest } from './access-to.ts'

export type ReadCartDeps = Pick<OrdersDeps, 'carts' | 'cartRows' | 'orders' | 'now'>

type Read = { cart: Cart; isKnownKey: boolean }

/**
 * Reads a cart. One whose order was cancelled unpaid is open again: that is found here, so it does not wait for any event.
 *
 * @param key of the request, if it changes something: whether the cart knows it already
 */
export async function readCart(
  deps: ReadCartDeps,
  { cartId, access, key }: AllowedRequest & { key?: RequestKey },
): Promise<Result<Read, CartNotFound | IdempotencyKeyReused>> {
  const found = await deps.carts.read(cartId, { access, key })
  if (!found.ok) return found
  const { status, orderId } = found.value.cart
  if (status !== 'completed' || orderId === null || (await deps.orders.findOfCart(cartId)) !== undefined) return found
  await deps.carts.reopen(cartId, { orderId })
  await deps.cartRows.reopen(cartId, deps.now())
  return deps.carts.read(cartId, { access, key })
}
