import type { ReturnStatus } from '@shop/contracts/orders/states'
import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { isId } from '@shop/kernel/ids'
import { DEFAULT_LIMIT, decodeCursor, type InvalidCursor, isInstantText, toPage } from '@shop/kernel/pagination'
import { ok, type Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../deps.ts'
import { type ReturnOfOrder, returnIn } from './internal/find-return.ts'

type ListReturns = { status?: ReturnStatus | undefined; limit?: number | undefined; cursor?: string | undefined }

/** Lists the returns of all orders, newest first, for staff. */
export async function listReturns(
  deps: Pick<OrdersDeps, 'returns'>,
  caller: Caller,
  { status, cursor, limit = DEFAULT_LIMIT }: ListReturns,
): Promise<Result<{ items: ReturnOfOrder[]; nextCursor: string | null }, AccessFailure | InvalidCursor>> {
  const staff = requireScope(caller, 'orders:read')
  if (!staff.ok) return staff
  const after =
    cursor === undefined
      ? ok(undefined)
      : decodeCursor(cursor, (position) => isInstantText(position.sortKey) && isId('return', position.id))
  if (!after.ok) return after
  const rows = await deps.returns.list({ status, after: after.value, limit: limit + 1 })
  const found = rows.flatMap(({ id, order }) => returnIn(order, id) ?? [])
  return ok(toPage(found, limit, ({ returned }) => ({ sortKey: returned.createdAt.toISOString(), id: returned.id })))
}
