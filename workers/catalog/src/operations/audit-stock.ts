import { type InvalidCursor, ok, type Result, toPage } from '@shop/kernel'
import { idCursor } from '../domain/id-cursor.ts'
import type { ListedStock, StockAudit } from '../domain/stock/audit.ts'
import type { CatalogDeps } from '../ports.ts'

export type AuditPage = { cursor?: string | null | undefined; limit: number }
export type Audited = { listed: ListedStock; audit: StockAudit }

const CURSOR = idCursor('variant')
/** Objects asked at the same time. */
const AT_ONCE = 20

/**
 * A page of all variants by id, each with what is listed of it and what its object finds. The listing is read first, so
 * that a level of the object is never older than what was listed.
 */
export async function auditStock(
  { listing, stock }: Pick<CatalogDeps, 'listing' | 'stock'>,
  { cursor, limit }: AuditPage,
): Promise<Result<{ items: Audited[]; nextCursor: string | null }, InvalidCursor>> {
  const after = cursor ? CURSOR.read(cursor) : ok(0)
  if (!after.ok) return after
  const rows = await listing.read({ after: after.value, limit: limit + 1 })
  const { items, nextCursor } = toPage(rows, limit, ({ variantId }) => CURSOR.at(variantId))
  const audited: Audited[] = []
  for (let from = 0; from < items.length; from += AT_ONCE) {
    const asked = items.slice(from, from + AT_ONCE)
    const audits = asked.map(async (listed) => ({ listed, audit: await stock.audit(listed.variantId) }))
    audited.push(...(await Promise.all(audits)))
  }
  return ok({ items: audited, nextCursor })
}
