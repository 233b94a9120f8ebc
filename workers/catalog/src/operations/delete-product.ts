import type { ProductNotFound } from '@shop/contracts'
import { type AccessFailure, type Caller, fail, ok, type Result, requireStaff } from '@shop/kernel'
import type { CatalogDeps } from '../ports.ts'
import { announceChange, newAnnouncement } from './announce-change.ts'

type DeleteDeps = Pick<CatalogDeps, 'products' | 'answers' | 'changes' | 'later' | 'now' | 'newKey' | 'warn'>

/** Takes a product off sale for good. Orders placed keep what they need of it. */
export async function deleteProduct(
  deps: DeleteDeps,
  caller: Caller,
  { id }: { id: number },
): Promise<Result<undefined, AccessFailure | ProductNotFound>> {
  const staff = requireStaff(caller)
  if (!staff.ok) return staff
  const now = deps.now()
  const change = newAnnouncement(deps, now)
  const deleted = await deps.products.delete({ id, deletedAt: now, change })
  if (!deleted) return fail({ code: 'product_not_found', productId: id })
  await announceChange(deps, { key: change.key, now })
  return ok()
}
