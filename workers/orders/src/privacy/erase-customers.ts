import { claimedBatch, type SweptBatch } from '@shop/contracts/service'
import { ERASE_AGAIN_SECONDS, eraseDue } from '@shop/contracts/users/erasure'
import type { CartId, UserId } from '@shop/kernel/ids'
import { PARALLEL_CALLS } from '@shop/kernel/parallel-calls'
import { addSeconds } from '@shop/kernel/time'
import pMap from 'p-map'
import type { OrdersDeps } from '../deps.ts'
import type { Order } from '../orders/domain/order.ts'
import { remainsOf } from './domain/remains.ts'

/** Of erasures, and of the carts and orders of each: an order costs a call of an object and a statement. */
const ERASURES = 2
const BATCH = 20

type EraseDeps = Pick<OrdersDeps, 'carts' | 'cartRows' | 'erasures' | 'now' | 'warn'>

/**
 * Erases what orders and carts have of customers whose accounts are gone. An order that is not settled keeps what is needed to
 * ship or refund it, and is checked again every hour. Safe to run twice at once.
 */
export async function eraseCustomers(deps: EraseDeps): Promise<SweptBatch> {
  return claimedBatch(await eraseDue(deps, ERASURES, (userId) => eraseCustomer(deps, userId)), ERASURES)
}

/** @returns when to try again; undefined when nothing is left */
async function eraseCustomer(deps: EraseDeps, userId: UserId): Promise<Date | undefined> {
  const { erasures } = deps
  await erasures.forget(userId)
  const [cartIds, orders] = await Promise.all([erasures.listCarts(userId, BATCH), erasures.listSettled(userId, BATCH)])
  const carts = await pMap(cartIds, (id) => eraseCart(deps, id), { concurrency: PARALLEL_CALLS })
  const erased = await pMap(orders, (order) => eraseOrder(deps, order), { concurrency: PARALLEL_CALLS })
  const now = deps.now()
  const isStuck = carts.includes(false) || erased.includes(false)
  const hasMore = cartIds.length === BATCH || orders.length === BATCH
  if (!isStuck && hasMore) return now
  const isLeft = isStuck || (await erasures.hasOpenOrders(userId))
  return isLeft ? addSeconds(now, ERASE_AGAIN_SECONDS) : undefined
}

/** @returns false where an order is being made of it, or it does not answer: then it is erased later */
async function eraseCart({ carts, cartRows, warn }: EraseDeps, cartId: CartId): Promise<boolean> {
  try {
    const erased = await carts.erase(cartId)
    if (erased.ok) await cartRows.delete(cartId)
    return erased.ok
  } catch (error) {
    warn('cart_not_erased', { cartId, error })
    return false
  }
}

/** The cart first, which may be a guest's that the account has completed: only the order leads to it. */
async function eraseOrder(deps: EraseDeps, order: Order): Promise<boolean> {
  if (order.cartId !== null && !(await eraseCart(deps, order.cartId))) return false
  return deps.erasures.eraseOrder(order, remainsOf(order), deps.now())
}
