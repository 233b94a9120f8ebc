import { hasScope, requireScope } from '@shop/kernel/access'
import { type AccessFailure, type Caller, requireUser } from '@shop/kernel/caller'
import { isId, type UserId } from '@shop/kernel/ids'
import { DEFAULT_LIMIT, decodeCursor, type InvalidCursor, isInstantText, toPage } from '@shop/kernel/pagination'
import { ok, type Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../deps.ts'
import type { Order } from './domain/order.ts'
import { areToShip, type OrderFilter } from './domain/order-filter.ts'

/** Whose orders are listed: the caller's, or everybody's. */
export const ORDER_SCOPES = ['own', 'all'] as const

type Scope = (typeof ORDER_SCOPES)[number]

export type ListOrders = OrderFilter & {
  /** By default the caller's own; those of everybody for staff who search by what only staff know. */
  scope?: Scope | undefined
  limit?: number | undefined
  cursor?: string | undefined
}

/**
 * Lists the caller's own orders, or for staff everybody's, newest first. Everybody's processing orders are those to be
 * shipped, so refunded ones are left out. A cursor holds only a time and an id, so one from
 * another scope or filter works too.
 */
export async function listOrders(
  deps: Pick<OrdersDeps, 'orders'>,
  caller: Caller,
  { scope, cursor, limit = DEFAULT_LIMIT, ...filter }: ListOrders,
): Promise<Result<{ items: Order[]; nextCursor: string | null }, AccessFailure | InvalidCursor>> {
  const of = ordersOf(caller, scope ?? defaultScope(caller, filter))
  if (!of.ok) return of
  const after =
    cursor === undefined
      ? ok(undefined)
      : decodeCursor(cursor, (position) => isInstantText(position.sortKey) && isId('order', position.id))
  if (!after.ok) return after
  const toShip = of.value === 'all' && areToShip(filter)
  const rows = await deps.orders.list({ ...filter, of: of.value, toShip, after: after.value, limit: limit + 1 })
  return ok(toPage(rows, limit, (order) => ({ sortKey: order.createdAt.toISOString(), id: order.id })))
}

/** A key has no orders of its own, so it lists everybody's. */
function ordersOf(caller: Caller, scope: Scope): Result<UserId | 'all', AccessFailure> {
  if (scope === 'all' || caller.kind === 'key') {
    const staff = requireScope(caller, 'orders:read')
    return staff.ok ? ok('all') : staff
  }
  const user = requireUser(caller)
  return user.ok ? ok(user.value.userId) : user
}

function defaultScope(caller: Caller, { status: _, ...others }: OrderFilter): Scope {
  const isSearch = Object.values(others).some((value) => value !== undefined)
  return isSearch && hasScope(caller, 'orders:read') ? 'all' : 'own'
}
