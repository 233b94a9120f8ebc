import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { isId } from '@shop/kernel/ids'
import { DEFAULT_LIMIT, decodeCursor, type InvalidCursor, toPage } from '@shop/kernel/pagination'
import { ok, type Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../deps.ts'
import type { TaxRate } from './domain/tax-rate.ts'

const LIST = 'tax rates'

type ListQuery = { country?: string | undefined; cursor?: string | undefined; limit?: number | undefined }

/** A page of the rates, of all countries or of one, in the order in which they were made. */
export async function listTaxRates(
  { taxRates }: Pick<OrdersDeps, 'taxRates'>,
  caller: Caller,
  { country, cursor, limit = DEFAULT_LIMIT }: ListQuery,
): Promise<Result<{ items: TaxRate[]; nextCursor: string | null }, AccessFailure | InvalidCursor>> {
  const staff = requireScope(caller, 'taxes:read')
  if (!staff.ok) return staff
  const after =
    cursor === undefined
      ? ok(undefined)
      : decodeCursor(cursor, ({ sortKey, id }) => sortKey === LIST && isId('taxRate', id))
  if (!after.ok) return after
  const rows = await taxRates.list({ country, after: after.value?.id, limit: limit + 1 })
  return ok(toPage(rows, limit, ({ id }) => ({ sortKey: LIST, id })))
}
