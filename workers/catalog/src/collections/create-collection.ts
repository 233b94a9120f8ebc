import type {
  CategoryNotFound,
  InvalidCollectionRule,
  ProductNotFound,
  SlugTaken,
} from '@shop/contracts/catalog/failures'
import { actorIdOf, requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { type Created, type CreateOnceFailure, createOnce, creationKey } from '@shop/kernel/create-once'
import type { Metadata } from '@shop/kernel/metadata'
import { ok, type Result } from '@shop/kernel/result'
import { announceChange } from '../caching/announce-change.ts'
import type { CatalogDeps } from '../deps.ts'
import { slugOf } from '../slugs/slug-of.ts'
import type { CollectionWithProducts } from './domain/collection.ts'
import { decideRule, type RuleDraft } from './domain/rule.ts'

type CreateDeps = Pick<CatalogDeps, 'collections' | 'keys' | 'shop' | 'answers' | 'events' | 'later' | 'now' | 'warn'>
type CreateFailure = AccessFailure | InvalidCollectionRule | CategoryNotFound | ProductNotFound | SlugTaken

/** The fields that staff send to create a collection: with a rule, or with products, or with neither for an empty one. */
export type CollectionDraft = {
  name: string
  slug?: string | undefined
  rule?: RuleDraft | undefined
  productIds?: number[] | undefined
  metadata?: Metadata | undefined
}

/** Adds a collection; once, if the request has a key. */
export async function createCollection(
  deps: CreateDeps,
  caller: Caller,
  draft: CollectionDraft,
  idempotencyKey?: string,
): Promise<Result<Created<CollectionWithProducts>, CreateFailure | CreateOnceFailure>> {
  const staff = requireScope(caller, 'products:write')
  if (!staff.ok) return staff
  const { name, productIds = [], metadata = {} } = draft
  const rule = draft.rule === undefined ? ok(null) : decideRule(draft.rule, deps.shop.defaultCurrency)
  if (!rule.ok) return rule
  const slug = slugOf(draft, 'collection')
  const key = await creationKey(`${actorIdOf(staff.value)}:createCollection`, idempotencyKey, draft)
  const collection = { name, slug, rule: rule.value, metadata, productIds, createdAt: deps.now(), key }
  return createOnce(key, {
    create: async () => {
      const saved = await deps.collections.insert(collection)
      if (!saved.ok) return saved
      await announceChange(deps, saved.value.eventId)
      return ok({ ...saved.value.collection, productIds })
    },
    findKey: deps.keys.find,
    find: (id) => deps.collections.find(Number(id)),
  })
}
