import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { isId } from '@shop/kernel/ids'
import { DEFAULT_LIMIT, decodeCursor, type InvalidCursor, toPage } from '@shop/kernel/pagination'
import { ok, type Result } from '@shop/kernel/result'
import type { UsersDeps } from '../deps.ts'
import type { AuditEntry, AuditFilters } from './domain/audit-entry.ts'

const LIST = 'audit'

/** A page of what staff and secret keys wrote, newest first. */
export async function listAudit(
  { audit }: Pick<UsersDeps, 'audit'>,
  caller: Caller,
  {
    cursor,
    limit = DEFAULT_LIMIT,
    ...filters
  }: AuditFilters & { cursor?: string | undefined; limit?: number | undefined },
): Promise<Result<{ items: AuditEntry[]; nextCursor: string | null }, AccessFailure | InvalidCursor>> {
  const staff = requireScope(caller, 'audit:read')
  if (!staff.ok) return staff
  const isOfList = ({ sortKey, id }: { sortKey: string; id: string }) => sortKey === LIST && isId('auditEntry', id)
  const before = cursor === undefined ? ok(undefined) : decodeCursor(cursor, isOfList)
  if (!before.ok) return before
  const rows = await audit.list({ ...filters, before: before.value?.id, limit: limit + 1 })
  return ok(toPage(rows, limit, ({ id }) => ({ sortKey: LIST, id })))
}
