import type { CartNotFound } from '@shop/contracts/orders/cart-failures'
import type { IdempotencyKeyReused } from '@shop/kernel/idempotency'
import type { Result } from '@shop/kernel/result'
import { placedBy } from '../../access/domain/visibility.ts'
import type { OrdersDeps } from '../../deps.ts'
import type { Cart } from '../domain/cart.ts'
import { hasRow, rowOf } from '../domain/cart-row.ts'
import { isLost } from '../domain/completion.ts'
import { mayChange } from '../domain/may-use.ts'
import type { RequestKey } from '../domain/request-key.ts'
import type { AllowedRequest } from './access-to.ts'

export type ReadCartDeps = Pick<OrdersDeps, 'carts' | 'cartRows' | 'orders' | 'newClaim' | 'now'>

type Read = { cart: Cart; isKnownKey: boolean }
type CartRead = AllowedRequest & { key?: RequestKey }

/**
 * Reads a cart. One whose order was cancelled unpaid, or whose completion was lost, is settled first, so neither waits for any
 * event.
 *
 * @param read.key of the request, if it changes something: whether the cart knows it already
 */
export async function readCart(
  deps: ReadCartDeps,
  read: CartRead,
): Promise<Result<Read, CartNotFound | IdempotencyKeyReused>> {
  const { cartId, access, key } = read
  const found = await deps.carts.read(cartId, { access, key })
  if (!found.ok) return found
  const { cart } = found.value
  const hasChanged = (await reopenIfCancelled(deps, cart)) || (await settleLostAttempt(deps, read, cart))
  return hasChanged ? deps.carts.read(cartId, { access, key }) : found
}

/** @returns whether the cart was opened again */
async function reopenIfCancelled(deps: ReadCartDeps, cart: Cart): Promise<boolean> {
  const { id, status, orderId } = cart
  if (status !== 'completed' || orderId === null) return false
  if ((await deps.orders.findOfCart(id)) !== undefined) return false
  await deps.carts.reopen(id, { orderId })
  if (hasRow(cart)) await deps.cartRows.reopen(rowOf(cart), deps.now())
  return true
}

/**
 * Ends an attempt that was lost, by whether the database has its order. Staff only read, so they leave that to the buyer.
 *
 * @returns whether there was one
 */
async function settleLostAttempt(deps: ReadCartDeps, { cartId, access }: CartRead, cart: Cart): Promise<boolean> {
  if (!isLost(cart, deps.now()) || !mayChange(cart, access)) return false
  const claim = deps.newClaim()
  const begun = await deps.carts.beginCompletion(cartId, { access, claim, versions: undefined })
  if (begun.ok && begun.value.kind !== 'completed') {
    const order = await deps.orders.findOfCart(cartId)
    await deps.carts.endCompletion(cartId, { claim, order: order ? { id: order.id, userId: placedBy(order) } : null })
  }
  return true
}
