import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { DEFAULT_LIMIT, type InvalidCursor, toPage } from '@shop/kernel/pagination'
import { ok, type Result } from '@shop/kernel/result'
import type { CatalogDeps } from '../deps.ts'
import { variantCursor } from './domain/id-cursor.ts'
import type { LowStockVariant } from './repository/index.ts'

const CURSOR = variantCursor('low')
const FIRST = { productId: 0, variantId: 0 }

/** Variants whose listed stock is at their threshold or below, by product. The listing is up to a second old. */
export async function listLowStock(
  { listing }: Pick<CatalogDeps, 'listing'>,
  caller: Caller,
  { cursor, limit = DEFAULT_LIMIT }: { cursor?: string | undefined; limit?: number | undefined },
): Promise<Result<{ items: LowStockVariant[]; nextCursor: string | null }, AccessFailure | InvalidCursor>> {
  const staff = requireScope(caller, 'inventory:read')
  if (!staff.ok) return staff
  const after = cursor === undefined ? ok(FIRST) : CURSOR.read(cursor)
  if (!after.ok) return after
  const rows = await listing.listLow({ after: after.value, limit: limit + 1 })
  return ok(toPage(rows, limit, CURSOR.at))
}
