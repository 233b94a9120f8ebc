import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { isId } from '@shop/kernel/ids'
import { DEFAULT_LIMIT, decodeCursor, type InvalidCursor, toPage } from '@shop/kernel/pagination'
import { ok, type Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../deps.ts'
import type { TaxExemption } from './domain/tax-exemption.ts'

const LIST = 'tax exemptions'

type ListQuery = { userId?: string | undefined; cursor?: string | undefined; limit?: number | undefined }

/** A page of the exemptions, of all accounts or of one, in the order in which they were made. */
export async function listTaxExemptions(
  { taxExemptions }: Pick<OrdersDeps, 'taxExemptions'>,
  caller: Caller,
  { userId, cursor, limit = DEFAULT_LIMIT }: ListQuery,
): Promise<Result<{ items: TaxExemption[]; nextCursor: string | null }, AccessFailure | InvalidCursor>> {
  const staff = requireScope(caller, 'taxes:read')
  if (!staff.ok) return staff
  const after =
    cursor === undefined
      ? ok(undefined)
      : decodeCursor(cursor, ({ sortKey, id }) => sortKey === LIST && isId('taxExemption', id))
  if (!after.ok) return after
  const rows = await taxExemptions.list({ userId, after: after.value?.id, limit: limit + 1 })
  return ok(toPage(rows, limit, ({ id }) => ({ sortKey: LIST, id })))
}
