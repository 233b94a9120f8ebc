import type { CollectionNotFound } from '@shop/contracts/catalog/failures'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { CatalogDeps } from '../deps.ts'
import type { CollectionWithProducts } from './domain/collection.ts'

export async function getCollection(
  { collections }: Pick<CatalogDeps, 'collections'>,
  { id }: { id: number },
): Promise<Result<CollectionWithProducts, CollectionNotFound>> {
  const collection = await collections.find(id)
  return collection === undefined ? fail({ code: 'collection_not_found', collectionId: id }) : ok(collection)
}
