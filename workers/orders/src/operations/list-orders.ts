import type { Order, OrderScope, OrderStatus } from '@shop/contracts'
import {
  type AccessFailure,
  type Caller,
  DEFAULT_LIMIT,
  decodeCursor,
  type InvalidCursor,
  isId,
  isInstantText,
  ok,
  type Result,
  requireStaff,
  requireUser,
  toPage,
} from '@shop/kernel'
import type { OrdersDeps } from '../ports.ts'

/**
 * The caller's own orders, or for staff everybody's, newest first. A cursor is a moment in the shop's life and no more,
 * so one that was given with another scope or status is as good.
 */
export async function listOrders(
  deps: OrdersDeps,
  caller: Caller,
  query: {
    scope: OrderScope
    status?: OrderStatus | undefined
    limit?: number | undefined
    cursor?: string | undefined
  },
): Promise<Result<{ items: Order[]; nextCursor: string | null }, AccessFailure | InvalidCursor>> {
  const { scope, status, cursor, limit = DEFAULT_LIMIT } = query
  const user = scope === 'all' ? requireStaff(caller) : requireUser(caller)
  if (!user.ok) return user
  const after =
    cursor === undefined
      ? ok(undefined)
      : decodeCursor(cursor, (position) => isInstantText(position.sortKey) && isId('order', position.id))
  if (!after.ok) return after
  const of = scope === 'all' ? 'all' : user.value.userId
  const rows = await deps.store.list({ of, status, after: after.value, limit: limit + 1 })
  return ok(toPage(rows, limit, (order) => ({ sortKey: order.createdAt.toISOString(), id: order.id })))
}
