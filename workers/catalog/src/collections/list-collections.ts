import { DEFAULT_LIMIT, type InvalidCursor, toPage } from '@shop/kernel/pagination'
import { ok, type Result } from '@shop/kernel/result'
import type { CatalogDeps } from '../deps.ts'
import { idCursor } from '../stock/domain/id-cursor.ts'
import type { Collection } from './domain/collection.ts'

const CURSOR = idCursor('collections')

/** A page of the collections, newest first. */
export async function listCollections(
  { collections }: Pick<CatalogDeps, 'collections'>,
  { cursor, limit = DEFAULT_LIMIT }: { cursor?: string | undefined; limit?: number | undefined },
): Promise<Result<{ items: Collection[]; nextCursor: string | null }, InvalidCursor>> {
  const before = cursor === undefined ? ok(undefined) : CURSOR.read(cursor)
  if (!before.ok) return before
  const rows = await collections.list({ before: before.value, limit: limit + 1 })
  return ok(toPage(rows, limit, ({ id }) => CURSOR.at(id)))
}
