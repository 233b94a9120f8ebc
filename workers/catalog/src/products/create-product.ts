import { actorIdOf, requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { type Created, creationKey } from '@shop/kernel/create-once'
import type { Result } from '@shop/kernel/result'
import { announceChange } from '../caching/announce-change.ts'
import type { CatalogDeps } from '../deps.ts'
import type { ProductDraft } from './domain/new-product.ts'
import type { Product } from './domain/product.ts'
import { type InsertDeps, type InsertFailure, insertProduct } from './internal/insert-product.ts'

type CreateDeps = InsertDeps & Pick<CatalogDeps, 'attributes' | 'answers' | 'events' | 'later' | 'warn'>

/**
 * Adds a product with its variants; once, if the request has a key. The stock object of each is made when it is first needed;
 * until then it is listed with its opening stock.
 */
export async function createProduct(
  deps: CreateDeps,
  caller: Caller,
  draft: ProductDraft,
  idempotencyKey?: string,
): Promise<Result<Created<Product>, AccessFailure | InsertFailure>> {
  const staff = requireScope(caller, 'products:write')
  if (!staff.ok) return staff
  const key = await creationKey(`${actorIdOf(staff.value)}:createProduct`, idempotencyKey, draft)
  const declared = await deps.attributes.declared(Object.keys(draft.attributes ?? {}))
  return insertProduct(deps, { draft, declared, key }, ({ eventId, categoryEventId }) =>
    announceChange(deps, eventId, categoryEventId),
  )
}
