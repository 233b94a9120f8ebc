import { type InvalidCursor, toPage } from '@shop/kernel/pagination'
import { ok, type Result } from '@shop/kernel/result'
import pMap from 'p-map'
import type { CatalogDeps } from '../../deps.ts'
import type { ListedStock, StockAudit } from '../domain/audit.ts'
import { idCursor } from '../domain/id-cursor.ts'

export type AuditPage = { cursor?: string | null | undefined; limit: number }
export type Audited = { listed: ListedStock; audit: StockAudit }

const CURSOR = idCursor('variant')
/** Stock objects asked at the same time. */
const CONCURRENCY = 20

/**
 * A page of all variants by id, each with its listed stock and the audit of its object. The listing is read first, so that
 * the level of the object is never older.
 */
export async function auditPage(
  { listing, stock }: Pick<CatalogDeps, 'listing' | 'stock'>,
  { cursor, limit }: AuditPage,
): Promise<Result<{ items: Audited[]; nextCursor: string | null }, InvalidCursor>> {
  const after = cursor ? CURSOR.read(cursor) : ok(0)
  if (!after.ok) return after
  const rows = await listing.list({ after: after.value, limit: limit + 1 })
  const { items, nextCursor } = toPage(rows, limit, ({ variantId }) => CURSOR.at(variantId))
  const audit = async (listed: ListedStock) => ({ listed, audit: await stock.audit(listed.variantId, listed) })
  return ok({ items: await pMap(items, audit, { concurrency: CONCURRENCY }), nextCursor })
}
