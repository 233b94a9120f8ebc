import type { ProductNotFound } from '@shop/contracts/catalog/failures'
import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { ExpectedVersions, VersionConflict } from '@shop/kernel/versions'
import { announceChange } from '../caching/announce-change.ts'
import type { CatalogDeps } from '../deps.ts'

type DeleteDeps = Pick<CatalogDeps, 'products' | 'answers' | 'events' | 'later' | 'now' | 'warn'>

/**
 * Archives a product: it is no longer for sale. Staff still read and can restore it, and orders keep their own copy of what
 * they need.
 *
 * @param versions the versions that the caller agrees to delete
 */
export async function deleteProduct(
  deps: DeleteDeps,
  caller: Caller,
  { id, versions }: { id: number; versions?: ExpectedVersions },
): Promise<Result<undefined, AccessFailure | ProductNotFound | VersionConflict>> {
  const staff = requireScope(caller, 'products:write')
  if (!staff.ok) return staff
  const deleted = await deps.products.delete({ id, versions, archivedAt: deps.now() })
  if (deleted === undefined) {
    const found = versions === undefined ? undefined : await deps.products.find(id)
    const hasOtherVersion = found !== undefined && found.status !== 'archived'
    return fail(hasOtherVersion ? { code: 'version_conflict' } : { code: 'product_not_found', productId: id })
  }
  const { eventId } = deleted
  await announceChange(deps, eventId)
  return ok()
}
