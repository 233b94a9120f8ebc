import { encodeCursor, type InvalidCursor } from '@shop/kernel/pagination'
import { ok, type Result } from '@shop/kernel/result'
import type { CatalogDeps } from '../deps.ts'
import type { Category } from './domain/category.ts'
import { afterPosition, inTreeOrder, readTreeCursor, treePositionOf } from './domain/tree.ts'

/** A menu is one page; only larger trees have more. */
export const MAX_TREE_LIMIT = 1_000

type ListQuery = { limit?: number | undefined; cursor?: string | undefined }

/** The tree of categories, each before those below it. */
export async function listCategories(
  { categories }: Pick<CatalogDeps, 'categories'>,
  { cursor, limit = MAX_TREE_LIMIT }: ListQuery,
): Promise<Result<{ items: Category[]; nextCursor: string | null }, InvalidCursor>> {
  const after = cursor === undefined ? ok(undefined) : readTreeCursor(cursor)
  if (!after.ok) return after
  const tree = inTreeOrder(await categories.tree())
  const rest = afterPosition(tree, after.value)
  const items = rest.slice(0, limit)
  const last = items.at(-1)
  const hasMore = rest.length > items.length && last !== undefined
  return ok({ items, nextCursor: hasMore ? encodeCursor(treePositionOf(tree.indexOf(last), last)) : null })
}
