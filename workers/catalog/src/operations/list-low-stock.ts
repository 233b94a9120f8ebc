import {
  type AccessFailure,
  type Caller,
  DEFAULT_LIMIT,
  type InvalidCursor,
  ok,
  type Result,
  requireStaff,
  toPage,
} from '@shop/kernel'
import { idCursor } from '../domain/id-cursor.ts'
import type { CatalogDeps, LowStockRow } from '../ports.ts'

const CURSOR = idCursor('low')

/** Products of which so few are left that their threshold is reached, by id; as listed, so up to a second behind. */
export async function listLowStock(
  { watches }: Pick<CatalogDeps, 'watches'>,
  caller: Caller,
  { cursor, limit = DEFAULT_LIMIT }: { cursor?: string | undefined; limit?: number | undefined },
): Promise<Result<{ items: LowStockRow[]; nextCursor: string | null }, AccessFailure | InvalidCursor>> {
  const staff = requireStaff(caller)
  if (!staff.ok) return staff
  const after = cursor === undefined ? ok(0) : CURSOR.read(cursor)
  if (!after.ok) return after
  const rows = await watches.listLow({ after: after.value, limit: limit + 1 })
  return ok(toPage(rows, limit, ({ productId }) => CURSOR.at(productId)))
}
