import type { ProductNotFound } from '@shop/contracts'
import { type AccessFailure, type Caller, fail, ok, type Result, requireStaff } from '@shop/kernel'
import { announceChange } from '../caching/announce-change.ts'
import { newAnnouncement } from '../caching/domain/announcement.ts'
import type { CatalogDeps } from '../deps.ts'

type DeleteDeps = Pick<CatalogDeps, 'products' | 'answers' | 'changes' | 'later' | 'now' | 'newKey' | 'warn'>

/** Removes a product from sale for good. Orders keep their own copy of what they need. */
export async function deleteProduct(
  deps: DeleteDeps,
  caller: Caller,
  { id }: { id: number },
): Promise<Result<undefined, AccessFailure | ProductNotFound>> {
  const staff = requireStaff(caller)
  if (!staff.ok) return staff
  const now = deps.now()
  const change = newAnnouncement(deps.newKey(), now)
  const deleted = await deps.products.delete({ id, deletedAt: now, change })
  if (!deleted) return fail({ code: 'product_not_found', productId: id })
  await announceChange(deps, { key: change.key, now })
  return ok()
}
