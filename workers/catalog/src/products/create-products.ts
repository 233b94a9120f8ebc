import { actorIdOf, requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { type Created, creationKey } from '@shop/kernel/create-once'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import pMap from 'p-map'
import { announceChange } from '../caching/announce-change.ts'
import type { CatalogDeps } from '../deps.ts'
import type { ProductDraft } from './domain/new-product.ts'
import type { Product } from './domain/product.ts'
import { type InsertDeps, type InsertFailure, insertProduct } from './internal/insert-product.ts'

type CreateDeps = InsertDeps & Pick<CatalogDeps, 'attributes' | 'answers' | 'events' | 'later' | 'warn'>
type ItemResult = Result<Created<Product>, InsertFailure | ServiceUnavailable>

/** As many requests as an invocation may have open at the same time. */
const CONCURRENCY = 6

/** An item that is not valid comes as its failure, so that the others keep their places. */
export type BulkItem<F> = Result<ProductDraft, F>

/**
 * Adds many products, each by itself: one that fails loses nothing of the others. With a key each item is created once: the
 * key of an item is that of the request, in a scope that has its place.
 *
 * After an outage of the database the rest is not tried: each of them would wait for it again.
 *
 * @returns the result of each item, in order
 */
export async function createProducts<F extends { code: string }>(
  deps: CreateDeps,
  caller: Caller,
  items: readonly BulkItem<F>[],
  idempotencyKey?: string,
): Promise<Result<Result<Created<Product>, F | InsertFailure | ServiceUnavailable>[], AccessFailure>> {
  const staff = requireScope(caller, 'products:write')
  if (!staff.ok) return staff
  const userId = actorIdOf(staff.value)
  const drafts = items.flatMap((item) => (item.ok ? [item.value] : []))
  const keys = new Set(drafts.flatMap(({ attributes = {} }) => Object.keys(attributes)))
  const declared = await deps.attributes.declared([...keys])
  const eventIds: number[] = []
  const insert = async (draft: ProductDraft, index: number) => {
    const key = await creationKey(`${userId}:createProducts:${index}`, idempotencyKey, draft)
    return insertProduct(deps, { draft, declared, key }, ({ eventId, categoryEventId }) => {
      eventIds.push(eventId, ...(categoryEventId === undefined ? [] : [categoryEventId]))
    })
  }
  const attempt = untilOutage(deps, insert)
  const results = await pMap(items, async (item, index) => (item.ok ? attempt(item.value, index) : item), {
    concurrency: CONCURRENCY,
  })
  const [first, ...others] = eventIds
  if (first !== undefined) await announceChange(deps, first, ...others)
  return ok(results)
}

function untilOutage(
  { warn }: Pick<CatalogDeps, 'warn'>,
  insert: (draft: ProductDraft, index: number) => Promise<ItemResult>,
): typeof insert {
  let isOut = false
  return async (draft, index) => {
    if (isOut) return fail({ code: 'service_unavailable' })
    try {
      return await insert(draft, index)
    } catch (error) {
      isOut = true
      warn('bulk_item_failed', { index, error })
      return fail({ code: 'service_unavailable' })
    }
  }
}
