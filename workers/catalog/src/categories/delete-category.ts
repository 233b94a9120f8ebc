import type { CategoryHasChildren, CategoryNotFound } from '@shop/contracts/catalog/failures'
import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { fail, ok, type Result } from '@shop/kernel/result'
import { untilSaved } from '@shop/kernel/until-saved'
import { checkVersion, type ExpectedVersions, type VersionConflict } from '@shop/kernel/versions'
import { announceChange } from '../caching/announce-change.ts'
import type { CatalogDeps } from '../deps.ts'

type DeleteDeps = Pick<CatalogDeps, 'categories' | 'answers' | 'events' | 'later' | 'now' | 'warn'>
type DeleteFailure = AccessFailure | CategoryNotFound | CategoryHasChildren | VersionConflict

/**
 * Deletes a category. Its products stay for sale, and the next of their categories becomes the primary one. Categories
 * below it are never deleted with it: staff move or delete them first.
 */
export async function deleteCategory(
  deps: DeleteDeps,
  caller: Caller,
  { id, versions }: { id: number; versions: ExpectedVersions },
): Promise<Result<undefined, DeleteFailure>> {
  const staff = requireScope(caller, 'products:write')
  if (!staff.ok) return staff
  return untilSaved<Result<undefined, DeleteFailure>>(async () => {
    const decidedFrom = await deps.categories.find(id)
    if (decidedFrom === undefined) return fail({ code: 'category_not_found', categoryId: id })
    const current = checkVersion(versions, decidedFrom.version)
    if (!current.ok) return current
    const deleted = await deps.categories.delete({ decidedFrom, deletedAt: deps.now() })
    if (!deleted.ok) return deleted
    if (deleted.value === undefined) return undefined
    await announceChange(deps, deleted.value.eventId)
    return ok()
  })
}
