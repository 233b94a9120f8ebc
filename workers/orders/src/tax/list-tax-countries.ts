import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { decodeCursor, type InvalidCursor, toPage } from '@shop/kernel/pagination'
import { ok, type Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../deps.ts'
import type { TaxCountry } from './domain/tax-country.ts'

const LIST = 'tax countries'
/** All countries of the world are one page. */
export const MAX_COUNTRIES = 300

type ListQuery = { cursor?: string | undefined; limit?: number | undefined }

/** A page of the countries with settings of their own, by their code. */
export async function listTaxCountries(
  { taxCountries }: Pick<OrdersDeps, 'taxCountries'>,
  caller: Caller,
  { cursor, limit = MAX_COUNTRIES }: ListQuery,
): Promise<Result<{ items: TaxCountry[]; nextCursor: string | null }, AccessFailure | InvalidCursor>> {
  const staff = requireScope(caller, 'taxes:read')
  if (!staff.ok) return staff
  const after =
    cursor === undefined
      ? ok(undefined)
      : decodeCursor(cursor, ({ sortKey, id }) => sortKey === LIST && /^[A-Z]{2}$/.test(id))
  if (!after.ok) return after
  const rows = await taxCountries.list({ after: after.value?.id, limit: limit + 1 })
  return ok(toPage(rows, limit, ({ country }) => ({ sortKey: LIST, id: country })))
}
