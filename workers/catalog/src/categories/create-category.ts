import type { CategoryNameTaken, CategoryNotFound, CategoryTooDeep, SlugTaken } from '@shop/contracts/catalog/failures'
import { actorIdOf, requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { type Created, type CreateOnceFailure, createOnce, creationKey } from '@shop/kernel/create-once'
import type { Metadata } from '@shop/kernel/metadata'
import { ok, type Result } from '@shop/kernel/result'
import { announceChange } from '../caching/announce-change.ts'
import type { CatalogDeps } from '../deps.ts'
import { slugOf } from '../slugs/slug-of.ts'
import type { Category } from './domain/category.ts'

type CreateDeps = Pick<CatalogDeps, 'categories' | 'keys' | 'answers' | 'events' | 'later' | 'now' | 'warn'>

/** The fields that staff send to create a category. */
export type CategoryDraft = {
  name: string
  slug?: string | undefined
  parentId?: number | null | undefined
  /** Its index among its siblings; last without one. */
  position?: number | undefined
  metadata?: Metadata | undefined
}

type CreateFailure = CategoryNotFound | CategoryTooDeep | CategoryNameTaken | SlugTaken

/** Adds a category to the tree; once, if the request has a key. */
export async function createCategory(
  deps: CreateDeps,
  caller: Caller,
  draft: CategoryDraft,
  idempotencyKey?: string,
): Promise<Result<Created<Category>, AccessFailure | CreateFailure | CreateOnceFailure>> {
  const staff = requireScope(caller, 'products:write')
  if (!staff.ok) return staff
  const { name, parentId = null, position, metadata = {} } = draft
  const slug = slugOf(draft, 'category')
  const key = await creationKey(`${actorIdOf(staff.value)}:createCategory`, idempotencyKey, draft)
  return createOnce(key, {
    create: async () => {
      const saved = await deps.categories.insert({
        name,
        slug,
        parentId,
        position,
        metadata,
        createdAt: deps.now(),
        key,
      })
      if (!saved.ok) return saved
      await announceChange(deps, saved.value.eventId)
      return ok(saved.value.category)
    },
    findKey: deps.keys.find,
    find: (id) => deps.categories.find(Number(id)),
  })
}
