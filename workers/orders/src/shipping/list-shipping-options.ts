import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { isId } from '@shop/kernel/ids'
import { DEFAULT_LIMIT, decodeCursor, type InvalidCursor, toPage } from '@shop/kernel/pagination'
import { ok, type Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../deps.ts'
import type { ShippingOption } from './domain/option.ts'

const LIST = 'shipping options'

type ListQuery = { zoneId?: string | undefined; cursor?: string | undefined; limit?: number | undefined }

/** A page of the options of all zones, or of one, in the order in which they were made. */
export async function listShippingOptions(
  { shippingOptions }: Pick<OrdersDeps, 'shippingOptions'>,
  caller: Caller,
  { zoneId, cursor, limit = DEFAULT_LIMIT }: ListQuery,
): Promise<Result<{ items: ShippingOption[]; nextCursor: string | null }, AccessFailure | InvalidCursor>> {
  const staff = requireScope(caller, 'shipping:read')
  if (!staff.ok) return staff
  const after =
    cursor === undefined
      ? ok(undefined)
      : decodeCursor(cursor, ({ sortKey, id }) => sortKey === LIST && isId('shippingOption', id))
  if (!after.ok) return after
  const rows = await shippingOptions.list({ zoneId, after: after.value?.id, limit: limit + 1 })
  return ok(toPage(rows, limit, ({ id }) => ({ sortKey: LIST, id })))
}
