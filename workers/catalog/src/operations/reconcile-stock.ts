import { type AccessFailure, type Caller, type InvalidCursor, ok, type Result, requireStaff } from '@shop/kernel'
import { faultIn, type StockFault } from '../domain/stock/audit.ts'
import type { CatalogDeps } from '../ports.ts'
import { type Audited, type AuditPage, auditStock } from './audit-stock.ts'

export type Difference = Audited & { fault: StockFault; repaired: boolean }
export type Reconciled = { checked: number; differences: Difference[]; nextCursor: string | null }

/**
 * Holds a page of the listing against the stock objects, and these against their own books. A wrong listing is
 * rewritten; what else is wrong has no one right answer and is told.
 *
 * Asking an object ends the holds whose time is over, so none of them is left afterwards.
 */
export async function reconcileStock(
  deps: Pick<CatalogDeps, 'listing' | 'stock' | 'warn'>,
  caller: Caller,
  page: AuditPage,
): Promise<Result<Reconciled, AccessFailure | InvalidCursor>> {
  const staff = requireStaff(caller)
  if (!staff.ok) return staff
  const audited = await auditStock(deps, page)
  if (!audited.ok) return audited
  const { items, nextCursor } = audited.value
  const faulty = items.flatMap((one) => {
    const fault = faultIn(one.listed, one.audit)
    return fault === undefined ? [] : [{ ...one, fault }]
  })
  const wrongListings = faulty.filter(({ fault }) => fault === 'listing')
  const rewritten = new Set(
    await deps.listing.rewrite(wrongListings.map(({ listed, audit }) => ({ listed, level: audit.level }))),
  )
  // A listing that has changed since it was read was lagging behind and is right by now.
  const differences = faulty
    .map((one) => ({ ...one, repaired: rewritten.has(one.listed.variantId) }))
    .filter(({ fault, repaired }) => fault !== 'listing' || repaired)
  for (const { listed, audit, fault } of differences) deps.warn('stock_difference', { fault, listed, audit })
  return ok({ checked: items.length, differences, nextCursor })
}
