import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import type { InvalidCursor } from '@shop/kernel/pagination'
import { ok, type Result } from '@shop/kernel/result'
import type { CatalogDeps } from '../deps.ts'
import { differsFromListing } from './domain/audit.ts'
import { type AuditPage, auditPage } from './internal/audit-page.ts'

type RebuiltPage = { checked: number; rewritten: number; nextCursor: string | null }

/** Rewrites the listed stock of a page of variants with the levels of their objects. */
export async function rebuildInventory(
  deps: Pick<CatalogDeps, 'listing' | 'stock'>,
  caller: Caller,
  page: AuditPage,
): Promise<Result<RebuiltPage, AccessFailure | InvalidCursor>> {
  const staff = requireScope(caller, 'inventory:write')
  if (!staff.ok) return staff
  const audited = await auditPage(deps, page)
  if (!audited.ok) return audited
  const { items, nextCursor } = audited.value
  const differing = items.filter(({ listed, audit }) => differsFromListing(listed, audit))
  const rewritten = await deps.listing.rewrite(differing.map(({ listed, audit }) => ({ listed, level: audit.level })))
  return ok({ checked: items.length, rewritten: rewritten.length, nextCursor })
}
