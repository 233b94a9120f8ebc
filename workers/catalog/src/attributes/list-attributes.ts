import { DEFAULT_LIMIT, decodeCursor, type InvalidCursor, toPage } from '@shop/kernel/pagination'
import { ok, type Result } from '@shop/kernel/result'
import type { CatalogDeps } from '../deps.ts'
import type { Attribute } from './domain/attribute.ts'

const LIST = 'attributes'

/** A page of the declared attributes, by key. */
export async function listAttributes(
  { attributes }: Pick<CatalogDeps, 'attributes'>,
  { cursor, limit = DEFAULT_LIMIT }: { cursor?: string | undefined; limit?: number | undefined },
): Promise<Result<{ items: Attribute[]; nextCursor: string | null }, InvalidCursor>> {
  const after = cursor === undefined ? ok(undefined) : decodeCursor(cursor, ({ sortKey }) => sortKey === LIST)
  if (!after.ok) return after
  const rows = await attributes.list({ after: after.value?.id, limit: limit + 1 })
  return ok(toPage(rows, limit, ({ key }) => ({ sortKey: LIST, id: key })))
}
