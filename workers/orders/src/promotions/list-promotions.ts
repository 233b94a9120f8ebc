import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { isId, type PromotionId } from '@shop/kernel/ids'
import { DEFAULT_LIMIT, decodeCursor, type InvalidCursor, toPage } from '@shop/kernel/pagination'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../deps.ts'
import type { StoredPromotion } from './domain/stored-promotion.ts'

const LIST = 'promotions'

type ListQuery = { cursor?: string | undefined; limit?: number | undefined }

/** A page of promotions, newest first, for staff. */
export async function listPromotions(
  { promotions }: Pick<OrdersDeps, 'promotions'>,
  caller: Caller,
  { cursor, limit = DEFAULT_LIMIT }: ListQuery,
): Promise<Result<{ items: StoredPromotion[]; nextCursor: string | null }, AccessFailure | InvalidCursor>> {
  const staff = requireScope(caller, 'promotions:read')
  if (!staff.ok) return staff
  const before = cursor === undefined ? ok(undefined) : readCursor(cursor)
  if (!before.ok) return before
  const rows = await promotions.list({ before: before.value, limit: limit + 1 })
  return ok(toPage(rows, limit, ({ id }) => ({ sortKey: LIST, id })))
}

function readCursor(cursor: string): Result<PromotionId, InvalidCursor> {
  const position = decodeCursor(cursor, ({ sortKey }) => sortKey === LIST)
  if (!position.ok) return position
  const { id } = position.value
  return isId('promotion', id) ? ok(id) : fail({ code: 'invalid_cursor' })
}
