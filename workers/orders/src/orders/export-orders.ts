import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import type { Position } from '@shop/kernel/pagination'
import { ok, type Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../deps.ts'
import type { Order } from './domain/order.ts'
import { CSV_HEADER, toCsvLine } from './domain/order-csv.ts'
import { areToShip, type OrderFilter } from './domain/order-filter.ts'

/** Orders that are read at once. */
const PAGE = 200

/** Everybody's orders that pass a filter, newest first, as the chunks of a CSV file. They are read page by page, as they are taken. */
export function exportOrders(
  deps: Pick<OrdersDeps, 'orders'>,
  caller: Caller,
  filter: OrderFilter,
): Result<AsyncIterable<string>, AccessFailure> {
  const staff = requireScope(caller, 'orders:read')
  return staff.ok ? ok(chunksOf(deps, filter)) : staff
}

async function* chunksOf({ orders }: Pick<OrdersDeps, 'orders'>, filter: OrderFilter): AsyncGenerator<string> {
  yield CSV_HEADER
  let after: Position | undefined
  for (;;) {
    const page: Order[] = await orders.list({ ...filter, of: 'all', toShip: areToShip(filter), after, limit: PAGE })
    if (page.length > 0) yield page.map(toCsvLine).join('')
    const last = page.at(-1)
    if (last === undefined || page.length < PAGE) return
    after = { sortKey: last.createdAt.toISOString(), id: last.id }
  }
}
