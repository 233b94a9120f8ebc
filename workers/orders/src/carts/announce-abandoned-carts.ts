import { onlyBatch, type SweptBatch } from '@shop/contracts/service'
import { addSeconds } from '@shop/kernel/time'
import type { OrdersDeps } from '../deps.ts'
import type { Cart } from './domain/cart.ts'
import { type CartRow, rowOf } from './domain/cart-row.ts'

/** Each is a call of an object, and a statement. */
const BATCH = 20

const AS_SYSTEM = { userId: null, isStaff: true, hasToken: false }

type CartRead = Awaited<ReturnType<OrdersDeps['carts']['read']>>
type AnnounceDeps = Pick<OrdersDeps, 'carts' | 'cartRows' | 'cartAbandonedSeconds' | 'now' | 'warn'>

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

/** A cart that cannot be asked is asked again later, so that it keeps no other one waiting. */
async function settle(deps: AnnounceDeps, row: CartRow): Promise<void> {
  // Before the cart is asked: what it is changed to meanwhile is later.
  const now = deps.now()
  let found: CartRead
  try {
    found = await deps.carts.read(row.id, { access: AS_SYSTEM })
  } catch (error) {
    deps.warn('cart_not_asked', { cartId: row.id, error })
    return deps.cartRows.saveChangedAt(row.id, now)
  }
  return settleFound(deps, row, { found, now })
}

async function settleFound(
  deps: AnnounceDeps,
  { id, changedAt }: CartRow,
  { found, now }: { found: CartRead; now: Date },
): Promise<void> {
  const { cartRows } = deps
  // A call that deleted the cart was lost before it deleted the row.
  if (!found.ok) return cartRows.delete(id)
  const { cart } = found.value
  if (cart.status === 'merged' || cart.status === 'expired') return cartRows.end([id], now)
  if (cart.status === 'completed') return cartRows.complete(id, now)
  if (!isAbandoned(cart, idleSince(deps))) {
    const askedAgainFrom = later(changedAt, askAgainFrom(cart, now))
    // The whole row: a call that changed the address may have been lost before it wrote it.
    return cartRows.save({ ...rowOf(cart), changedAt: askedAgainFrom })
  }
  const itemCount = cart.items.reduce((sum, { quantity }) => sum + quantity, 0)
  const { currency, lastAnswer } = cart
  return cartRows.announce({ id, itemCount, currency, total: lastAnswer?.total ?? null, at: now })
}

const isAbandoned = ({ status, email, items, updatedAt }: Cart, since: Date) =>
  status === 'open' && email !== null && items.length > 0 && updatedAt < since

const later = (one: Date, other: Date) => (one > other ? one : other)

/** When it was changed last; now for one that nothing can be said about yet, so that it is not asked all the time. */
const askAgainFrom = ({ status, items, updatedAt }: Cart, now: Date) =>
  status === 'open' && items.length > 0 ? updatedAt : now
