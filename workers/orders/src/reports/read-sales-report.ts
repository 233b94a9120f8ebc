import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { decodeCursor, type InvalidCursor, toPage } from '@shop/kernel/pagination'
import { ok, type Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../deps.ts'
import type { Period } from './domain/period.ts'
import type { SalesGroup, SalesRow, SalesTotals } from './domain/sales.ts'

export const DEFAULT_ROWS = 100

export type SalesReport = { totals: SalesTotals[]; items: SalesRow[]; nextCursor: string | null }

type SalesRequest = Period & { group: SalesGroup; cursor?: string | undefined; limit?: number | undefined }

/** Sales and the money that moved in a period: totals of each currency, and a page of their groups. */
export async function readSalesReport(
  { sales }: Pick<OrdersDeps, 'sales'>,
  caller: Caller,
  { cursor, limit = DEFAULT_ROWS, ...request }: SalesRequest,
): Promise<Result<SalesReport, AccessFailure | InvalidCursor>> {
  const staff = requireScope(caller, 'reports:read')
  if (!staff.ok) return staff
  const after = cursor === undefined ? ok(undefined) : positionOf(cursor, request.group)
  if (!after.ok) return after
  const { rows, totals } = await sales.sumsOf({ ...request, after: after.value, limit: limit + 1 })
  const page = toPage(rows, limit, ({ currency, key }) => ({ sortKey: `${request.group} ${currency}`, id: key ?? '' }))
  return ok({ totals, ...page })
}

const KEYS: Record<SalesGroup, RegExp> = {
  day: /^\d{4}-\d\d-\d\d$/,
  product: /^(\d{16})?$/,
  country: /^([A-Z]{2})?$/,
}

/** Where the page before ended. A cursor of another grouping is refused. */
function positionOf(cursor: string, group: SalesGroup) {
  const decoded = decodeCursor(cursor, ({ sortKey, id }) => {
    return sortKey.startsWith(`${group} `) && /^[A-Z]{3}$/.test(sortKey.slice(group.length + 1)) && KEYS[group].test(id)
  })
  if (!decoded.ok) return decoded
  const { sortKey, id } = decoded.value
  return ok({ currency: sortKey.slice(group.length + 1), key: id })
}
