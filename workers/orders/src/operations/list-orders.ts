import {
  type AuthenticationRequired,
  type Caller,
  DEFAULT_LIMIT,
  decodeCursor,
  type InvalidCursor,
  isId,
  isInstantText,
  type Order,
  ok,
  type Result,
  requireUser,
  toPage,
} from '@shop/contracts'
import type { OrdersDeps } from '../ports.ts'

/** The caller's own orders, newest first. */
export async function listOrders(
  deps: OrdersDeps,
  caller: Caller,
  page: { limit?: number | undefined; cursor?: string | undefined },
): Promise<Result<{ items: Order[]; nextCursor: string | null }, AuthenticationRequired | InvalidCursor>> {
  const user = requireUser(caller)
  if (!user.ok) return user
  const after =
    page.cursor === undefined
      ? ok(undefined)
      : decodeCursor(page.cursor, (position) => isInstantText(position.sortKey) && isId('order', position.id))
  if (!after.ok) return after
  const limit = page.limit ?? DEFAULT_LIMIT
  const rows = await deps.store.list({ userId: user.value.userId, limit: limit + 1, after: after.value })
  return ok(toPage(rows, limit, (order) => ({ sortKey: order.createdAt.toISOString(), id: order.id })))
}
