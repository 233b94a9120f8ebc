import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { isId } from '@shop/kernel/ids'
import { DEFAULT_LIMIT, decodeCursor, type InvalidCursor, toPage } from '@shop/kernel/pagination'
import { ok, type Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../deps.ts'
import type { Zone } from './domain/zone.ts'

const LIST = 'shipping zones'

/** A page of the zones, in the order in which they were made. */
export async function listShippingZones(
  { shippingZones }: Pick<OrdersDeps, 'shippingZones'>,
  caller: Caller,
  { cursor, limit = DEFAULT_LIMIT }: { cursor?: string | undefined; limit?: number | undefined },
): Promise<Result<{ items: Zone[]; nextCursor: string | null }, AccessFailure | InvalidCursor>> {
  const staff = requireScope(caller, 'shipping:read')
  if (!staff.ok) return staff
  const after =
    cursor === undefined
      ? ok(undefined)
      : decodeCursor(cursor, ({ sortKey, id }) => sortKey === LIST && isId('shippingZone', id))
  if (!after.ok) return after
  const rows = await shippingZones.list({ after: after.value?.id, limit: limit + 1 })
  return ok(toPage(rows, limit, ({ id }) => ({ sortKey: LIST, id })))
}
