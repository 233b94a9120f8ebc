import { decodeCursor, type InvalidCursor, type Position } from '@shop/kernel/pagination'
import { ok, type Result } from '@shop/kernel/result'
import type { Category } from './category.ts'

export type TreeRow = Omit<Category, 'slugs'>

/**
 * The categories as a menu shows them: each before those below it, siblings by position.
 *
 * @param rows all categories, in any order
 */
export function inTreeOrder(rows: readonly TreeRow[]): Category[] {
  const children = Map.groupBy(rows, ({ parentId }) => parentId)
  const walk = (parentId: number | null, above: readonly string[]): Category[] =>
    (children.get(parentId) ?? []).toSorted(bySibling).flatMap((row) => {
      const slugs = [...above, row.slug]
      return [{ ...row, slugs }, ...walk(row.id, slugs)]
    })
  return walk(null, [])
}

const bySibling = (a: TreeRow, b: TreeRow) => a.position - b.position || a.id - b.id

/** Where a page of the tree ended: the index of its last category, and its id. */
export type TreePosition = { index: number; id: number }

export function treePositionOf(index: number, { id }: Category): Position {
  return { sortKey: `tree ${index}`, id: String(id) }
}

export function readTreeCursor(cursor: string): Result<TreePosition, InvalidCursor> {
  const position = decodeCursor(
    cursor,
    ({ sortKey, id }) => /^tree (0|[1-9][0-9]{0,8})$/.test(sortKey) && /^[1-9][0-9]{0,15}$/.test(id),
  )
  if (!position.ok) return position
  return ok({ index: Number(position.value.sortKey.slice('tree '.length)), id: Number(position.value.id) })
}

/**
 * The rest of the tree after a page. If its last category has been moved, the rest is what follows its new place; if it
 * has been deleted, what has its index now.
 */
export function afterPosition(tree: readonly Category[], after: TreePosition | undefined): Category[] {
  if (after === undefined) return [...tree]
  const found = tree.findIndex(({ id }) => id === after.id)
  return tree.slice(found === -1 ? after.index : found + 1)
}
