import type {
  CategoryCycle,
  CategoryNameTaken,
  CategoryNotFound,
  CategoryTooDeep,
  SlugTaken,
} from '@shop/contracts/catalog/failures'
import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import type { MetadataTooLarge } from '@shop/kernel/metadata'
import { fail, ok, type Result } from '@shop/kernel/result'
import { untilSaved } from '@shop/kernel/until-saved'
import { checkVersion, type ExpectedVersions, type VersionConflict } from '@shop/kernel/versions'
import { announceChange } from '../caching/announce-change.ts'
import type { CatalogDeps } from '../deps.ts'
import type { Category } from './domain/category.ts'
import { type CategoryChanges, decideCategoryChanges } from './domain/category-changes.ts'

type UpdateDeps = Pick<CatalogDeps, 'categories' | 'answers' | 'events' | 'later' | 'now' | 'warn'>
type UpdateFailure =
  | AccessFailure
  | CategoryNotFound
  | CategoryCycle
  | CategoryTooDeep
  | CategoryNameTaken
  | SlugTaken
  | MetadataTooLarge
  | VersionConflict

/** Changes the given fields of a category, and moves it with all below it. */
export async function updateCategory(
  deps: UpdateDeps,
  caller: Caller,
  { id, changes, versions }: { id: number; changes: CategoryChanges; versions: ExpectedVersions },
): Promise<Result<Category, UpdateFailure>> {
  const staff = requireScope(caller, 'products:write')
  if (!staff.ok) return staff
  return untilSaved<Result<Category, UpdateFailure>>(async () => {
    const decidedFrom = await deps.categories.find(id)
    if (decidedFrom === undefined) return fail({ code: 'category_not_found', categoryId: id })
    const current = checkVersion(versions, decidedFrom.version)
    if (!current.ok) return current
    if (Object.values(changes).every((change) => change === undefined)) return ok(decidedFrom)
    const decided = decideCategoryChanges(decidedFrom, changes)
    if (!decided.ok) return decided
    const saved = await deps.categories.update({ ...decided.value, decidedFrom, updatedAt: deps.now() })
    if (!saved.ok) return saved
    if (saved.value === undefined) return undefined
    await announceChange(deps, saved.value.eventId)
    return ok(saved.value.category)
  })
}
