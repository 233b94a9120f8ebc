import { onlyBatch, type SweptBatch } from '@shop/contracts/service'
import { addSeconds } from '@shop/kernel/time'
import type { OrdersDeps } from '../deps.ts'
import type { Cart } from './domain/cart.ts'
import type { CartRow } from './domain/cart-row.ts'

/** Each is a call of an object, and a statement. */
const BATCH = 20

const AS_SYSTEM = { userId: null, isStaff: true, hasToken: false }

type AnnounceDeps = Pick<OrdersDeps, 'carts' | 'cartRows' | 'cartAbandonedSeconds' | 'now'>

/**
 * Announces carts with an e-mail address that nobody has changed for some time, once each. The row says which to ask; the
 * cart itself whether it is so. Safe to run twice at once.
 *
 * @returns how many carts it asked
 */
export async function announceAbandonedCarts(deps: AnnounceDeps): Promise<SweptBatch> {
  const idle = await deps.cartRows.listIdle({ before: idleSince(deps), limit: BATCH })
  await Promise.all(idle.map((row) => settle(deps, row)))
  return onlyBatch(idle.length)
}

const idleSince = ({ now, cartAbandonedSeconds }: AnnounceDeps) => addSeconds(now(), -cartAbandonedSeconds)

async function settle(deps: AnnounceDeps, { id }: CartRow): Promise<void> {
  const { cartRows } = deps
  const found = await deps.carts.read(id, { access: AS_SYSTEM })
  // A call that deleted the cart was lost before it deleted the row.
  if (!found.ok) return cartRows.delete(id)
  const { cart } = found.value
  if (cart.status === 'merged' || cart.status === 'expired') return cartRows.end([id], deps.now())
  if (cart.status === 'completed') return cartRows.complete(id, deps.now())
  if (!isAbandoned(cart, idleSince(deps))) return cartRows.saveChangedAt(id, askAgainFrom(cart, deps.now()))
  const itemCount = cart.items.reduce((sum, { quantity }) => sum + quantity, 0)
  const { currency, lastAnswer } = cart
  return cartRows.announce({ id, itemCount, currency, total: lastAnswer?.total ?? null, at: deps.now() })
}

const isAbandoned = ({ status, items, updatedAt }: Cart, since: Date) =>
  status === 'open' && items.length > 0 && updatedAt < since

/** When it was changed last; now for one that nothing can be said about yet, so that it is not asked all the time. */
const askAgainFrom = ({ status, items, updatedAt }: Cart, now: Date) =>
  status === 'open' && items.length > 0 ? updatedAt : now
