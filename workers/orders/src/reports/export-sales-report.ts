import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { ok, type Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../deps.ts'
import type { Period } from './domain/period.ts'
import type { SalesGroup, SalesRow } from './domain/sales.ts'
import { csvHeader, toCsvLine } from './domain/sales-csv.ts'

/** Rows that are read at once. */
const PAGE = 1_000

type ExportRequest = Period & { group: SalesGroup }

/**
 * The rows of the report as the chunks of a CSV file. They are read page by page, as they are taken: money that moves meanwhile
 * may be in a later page only, so only a period that is over is exact.
 */
export function exportSalesReport(
  deps: Pick<OrdersDeps, 'sales'>,
  caller: Caller,
  request: ExportRequest,
): Result<AsyncIterable<string>, AccessFailure> {
  const staff = requireScope(caller, 'reports:read')
  return staff.ok ? ok(chunksOf(deps, request)) : staff
}

async function* chunksOf({ sales }: Pick<OrdersDeps, 'sales'>, request: ExportRequest): AsyncGenerator<string> {
  const { group } = request
  yield csvHeader(group)
  let after: SalesRow | undefined
  for (;;) {
    const { rows }: { rows: SalesRow[] } = await sales.sumsOf({ ...request, after, limit: PAGE })
    if (rows.length > 0) yield rows.map((row) => toCsvLine(group, row)).join('')
    after = rows.at(-1)
    if (rows.length < PAGE) return
  }
}
