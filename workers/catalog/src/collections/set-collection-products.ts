import type { CollectionNotFound, CollectionNotManual, ProductNotFound } from '@shop/contracts/catalog/failures'
import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { fail, ok, type Result } from '@shop/kernel/result'
import { untilSaved } from '@shop/kernel/until-saved'
import { checkVersion, type ExpectedVersions, type VersionConflict } from '@shop/kernel/versions'
import { announceChange } from '../caching/announce-change.ts'
import type { CatalogDeps } from '../deps.ts'
import type { CollectionWithProducts } from './domain/collection.ts'

type SetDeps = Pick<CatalogDeps, 'collections' | 'answers' | 'events' | 'later' | 'now' | 'warn'>
type SetFailure = AccessFailure | CollectionNotFound | CollectionNotManual | ProductNotFound | VersionConflict

/** Replaces the products of a manual collection by these, in this order. */
export async function setCollectionProducts(
  deps: SetDeps,
  caller: Caller,
  { id, productIds, versions }: { id: number; productIds: number[]; versions: ExpectedVersions },
): Promise<Result<CollectionWithProducts, SetFailure>> {
  const staff = requireScope(caller, 'products:write')
  if (!staff.ok) return staff
  return untilSaved<Result<CollectionWithProducts, SetFailure>>(async () => {
    const decidedFrom = await deps.collections.find(id)
    if (decidedFrom === undefined) return fail({ code: 'collection_not_found', collectionId: id })
    const current = checkVersion(versions, decidedFrom.version)
    if (!current.ok) return current
    if (decidedFrom.rule !== null) return fail({ code: 'collection_not_manual', collectionId: id })
    const saved = await deps.collections.setProducts({ decidedFrom, updatedAt: deps.now() }, productIds)
    if (!saved.ok) return saved
    if (saved.value === undefined) return undefined
    await announceChange(deps, saved.value.eventId)
    return ok({ ...saved.value.collection, productIds })
  })
}
