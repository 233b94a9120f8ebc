import type { PromotionNotFound } from '@shop/contracts/orders/failures'
import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { isId } from '@shop/kernel/ids'
import { decodeCursor, type InvalidCursor, toPage } from '@shop/kernel/pagination'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../deps.ts'
import type { SingleUseCode } from './domain/new-codes.ts'
import type { CodeQuery } from './repository/code-reads.ts'

export const DEFAULT_CODE_LIMIT = 100
export const MAX_CODE_LIMIT = 1_000

export type ListCodes = {
  id: string
  /** Only the codes that one request made. */
  batchId?: string | undefined
  cursor?: string | undefined
  limit?: number | undefined
}
export type CodePage = { items: SingleUseCode[]; nextCursor: string | null }

/** A page of the single-use codes of a promotion, in the order in which they were made, for staff. */
export async function listPromotionCodes(
  deps: Pick<OrdersDeps, 'promotions'>,
  caller: Caller,
  { id, batchId, cursor, limit = DEFAULT_CODE_LIMIT }: ListCodes,
): Promise<Result<CodePage, AccessFailure | PromotionNotFound | InvalidCursor>> {
  const staff = requireScope(caller, 'promotions:read')
  if (!staff.ok) return staff
  const after = cursor === undefined ? ok(undefined) : readCursor(cursor)
  if (!after.ok) return after
  if (!isId('promotion', id)) return fail({ code: 'promotion_not_found', promotionId: id })
  if (batchId !== undefined && !isId('codeBatch', batchId)) return ok({ items: [], nextCursor: null })
  const [promotion, page] = await Promise.all([
    deps.promotions.find(id),
    pageOfCodes(deps, { promotionId: id, batchId, after: after.value, limit }),
  ])
  return promotion === undefined ? fail({ code: 'promotion_not_found', promotionId: id }) : ok(page)
}

/** A page of codes, and the cursor of the next one. */
export async function pageOfCodes(deps: Pick<OrdersDeps, 'promotions'>, query: CodeQuery): Promise<CodePage> {
  const rows = await deps.promotions.listCodes({ ...query, limit: query.limit + 1 })
  return toPage(rows, query.limit, ({ batchId, position }) => ({ sortKey: batchId, id: String(position) }))
}

function readCursor(cursor: string): Result<NonNullable<CodeQuery['after']>, InvalidCursor> {
  const position = decodeCursor(cursor, ({ id }) => /^(0|[1-9]\d{0,5})$/.test(id))
  if (!position.ok) return position
  const { sortKey: batchId, id } = position.value
  return isId('codeBatch', batchId) ? ok({ batchId, position: Number(id) }) : fail({ code: 'invalid_cursor' })
}
