import { type AccessFailure, type Caller, type InvalidCursor, ok, type Result, requireStaff } from '@shop/kernel'
import { isListedOtherwise } from '../domain/stock/audit.ts'
import type { CatalogDeps } from '../ports.ts'
import { type AuditPage, auditStock } from './audit-stock.ts'

export type Rebuilt = { checked: number; rewritten: number; nextCursor: string | null }

/** Lists a page of variants anew with what their objects say, whatever was listed of them. */
export async function rebuildListing(
  deps: Pick<CatalogDeps, 'listing' | 'stock'>,
  caller: Caller,
  page: AuditPage,
): Promise<Result<Rebuilt, AccessFailure | InvalidCursor>> {
  const staff = requireStaff(caller)
  if (!staff.ok) return staff
  const audited = await auditStock(deps, page)
  if (!audited.ok) return audited
  const { items, nextCursor } = audited.value
  const differing = items.filter(({ listed, audit }) => isListedOtherwise(listed, audit.level))
  const rewritten = await deps.listing.rewrite(differing.map(({ listed, audit }) => ({ listed, level: audit.level })))
  return ok({ checked: items.length, rewritten: rewritten.length, nextCursor })
}
