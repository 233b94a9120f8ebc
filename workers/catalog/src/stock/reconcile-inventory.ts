import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import type { InvalidCursor } from '@shop/kernel/pagination'
import { ok, type Result } from '@shop/kernel/result'
import type { CatalogDeps } from '../deps.ts'
import { type InventoryMismatch, mismatchOf } from './domain/audit.ts'
import { type Audited, type AuditPage, auditPage } from './internal/audit-page.ts'

export type InventoryDifference = Audited & { mismatch: InventoryMismatch; repaired: boolean }
type ReconciledPage = { checked: number; differences: InventoryDifference[]; nextCursor: string | null }

/**
 * Compares a page of the listing with the stock objects, and each object with its own ledger. A wrong listing is
 * rewritten; other mismatches have no single right answer and are reported.
 *
 * Asking an object also expires its overdue holds.
 */
export async function reconcileInventory(
  deps: Pick<CatalogDeps, 'listing' | 'stock' | 'warn'>,
  caller: Caller,
  page: AuditPage,
): Promise<Result<ReconciledPage, AccessFailure | InvalidCursor>> {
  const staff = requireScope(caller, 'inventory:write')
  if (!staff.ok) return staff
  const audited = await auditPage(deps, page)
  if (!audited.ok) return audited
  const { items, nextCursor } = audited.value
  const mismatched = items.flatMap((one) => {
    const mismatch = mismatchOf(one.listed, one.audit)
    return mismatch === undefined ? [] : [{ ...one, mismatch }]
  })
  const wrongListings = mismatched.filter(({ mismatch }) => mismatch === 'listing')
  const rewritten = new Set(
    await deps.listing.rewrite(wrongListings.map(({ listed, audit }) => ({ listed, level: audit.level }))),
  )
  // A listing that has changed since it was read was behind and is right by now.
  const differences = mismatched
    .map((one) => ({ ...one, repaired: rewritten.has(one.listed.variantId) }))
    .filter(({ mismatch, repaired }) => mismatch !== 'listing' || repaired)
  for (const { listed, audit, mismatch } of differences) deps.warn('stock_difference', { mismatch, listed, audit })
  return ok({ checked: items.length, differences, nextCursor })
}
