import type {
  CategoryNotFound,
  CollectionHasNoRule,
  CollectionNotFound,
  InvalidCollectionRule,
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
import type { CollectionWithProducts } from './domain/collection.ts'
import { type CollectionChanges, decideCollectionChanges } from './domain/collection-changes.ts'

type UpdateDeps = Pick<CatalogDeps, 'collections' | 'shop' | 'answers' | 'events' | 'later' | 'now' | 'warn'>
type UpdateFailure =
  | AccessFailure
  | CollectionNotFound
  | CollectionHasNoRule
  | InvalidCollectionRule
  | CategoryNotFound
  | SlugTaken
  | MetadataTooLarge
  | VersionConflict

/** Changes the given fields of a collection. It stays manual, or by rule, as it was created. */
export async function updateCollection(
  deps: UpdateDeps,
  caller: Caller,
  { id, changes, versions }: { id: number; changes: CollectionChanges; versions: ExpectedVersions },
): Promise<Result<CollectionWithProducts, UpdateFailure>> {
  const staff = requireScope(caller, 'products:write')
  if (!staff.ok) return staff
  return untilSaved<Result<CollectionWithProducts, UpdateFailure>>(async () => {
    const decidedFrom = await deps.collections.find(id)
    if (decidedFrom === undefined) return fail({ code: 'collection_not_found', collectionId: id })
    const current = checkVersion(versions, decidedFrom.version)
    if (!current.ok) return current
    if (Object.values(changes).every((change) => change === undefined)) return ok(decidedFrom)
    const fields = decideCollectionChanges(decidedFrom, changes, deps.shop.defaultCurrency)
    if (!fields.ok) return fields
    const saved = await deps.collections.update({ decidedFrom, updatedAt: deps.now() }, fields.value)
    if (!saved.ok) return saved
    if (saved.value === undefined) return undefined
    await announceChange(deps, saved.value.eventId)
    return ok({ ...saved.value.collection, productIds: decidedFrom.productIds })
  })
}
