import type {
  CategoryCycle,
  CategoryHasChildren,
  CategoryNameTaken,
  CategoryNotFound,
  CategoryTooDeep,
  SlugTaken,
} from '@shop/contracts/catalog/failures'
import type { Db } from '@shop/db/client'
import { isUniqueViolation } from '@shop/db/errors'
import { withFreshKey } from '@shop/db/idempotency-keys'
import type { KeyKnown } from '@shop/kernel/create-once'
import { fail, ok, type Result } from '@shop/kernel/result'
import { withSlug } from '../../slugs/repository.ts'
import { type Category, MAX_DEPTH } from '../domain/category.ts'
import type { TreePlacement } from '../domain/category-changes.ts'
import { CATEGORY_SLUGS } from './assign.ts'
import { toCategory } from './row.ts'
import {
  type CategoryUpdate,
  changeStatement,
  deleteStatement,
  type InsertedRow,
  insertStatement,
  LOCK_TREE,
  type MovedRow,
  moveStatement,
  type NewCategory,
  type WrittenRow,
} from './statements.ts'

/** A category as it was saved, and the event of its change. */
export type SavedCategory = { category: Category; eventId: number }

type InsertFailure = CategoryNotFound | CategoryTooDeep | CategoryNameTaken | SlugTaken
type UpdateFailure = InsertFailure | CategoryCycle

const SIBLING_NAMES = 'categories_sibling_name'

/**
 * Writes of categories, each one transaction in one round trip that also writes the event of the change. What changes the
 * shape of the tree waits for other such changes first.
 */
export const categoryWrites = (db: Db) => ({
  async insert(category: NewCategory): Promise<Result<SavedCategory, InsertFailure | KeyKnown>> {
    const { slug, name, parentId } = category
    return namesAreFree(name, () =>
      withFreshKey<SavedCategory, SlugTaken | CategoryNotFound | CategoryTooDeep>(async () => {
        const inserted = await withSlug(slug, CATEGORY_SLUGS, async () => {
          const [, { rows }] = await db.batch([
            db.execute(LOCK_TREE),
            db.execute<InsertedRow>(insertStatement(category)),
          ])
          return rows[0]
        })
        if (!inserted.ok) return inserted
        const row = inserted.value
        if (row !== undefined && row.id !== null) return ok(toSaved(row))
        if (parentId === null) throw new Error('An insert returned no row')
        const depth = row?.parent_depth ?? null
        return depth === null ? fail({ code: 'category_not_found', categoryId: parentId }) : tooDeep(depth + 1)
      }),
    )
  },

  /**
   * Changes and moves a category, if it has the version it was decided from.
   *
   * @returns undefined when it is gone or another writer won; the caller reads it again and decides again
   */
  async update(update: CategoryUpdate): Promise<Result<SavedCategory | undefined, UpdateFailure>> {
    const { fields, placement } = update
    return namesAreFree<SavedCategory | undefined, UpdateFailure>(fields.name, async () => {
      const slug = { text: fields.slug, isChosen: true }
      const saved = await withSlug(slug, CATEGORY_SLUGS, () =>
        placement === undefined ? change(db, update) : move(db, update, placement),
      )
      return saved.ok ? saved.value : saved
    })
  },

  /** @returns undefined when it is gone or another writer won */
  async delete(request: {
    decidedFrom: Category
    deletedAt: Date
  }): Promise<Result<{ eventId: number } | undefined, CategoryHasChildren>> {
    const { decidedFrom, deletedAt } = request
    const [, { rows }] = await db.batch([
      db.execute(LOCK_TREE),
      db.execute<{ has_children: boolean; event_id: string | null }>(deleteStatement(decidedFrom, deletedAt)),
    ])
    const [row] = rows
    if (row?.has_children) return fail({ code: 'category_has_children', categoryId: decidedFrom.id })
    return ok(row && { eventId: Number(row.event_id) })
  },
})

async function change(db: Db, update: CategoryUpdate): Promise<Result<SavedCategory | undefined, never>> {
  const { rows } = await db.execute<WrittenRow>(changeStatement(update))
  return ok(rows[0] && toSaved(rows[0]))
}

async function move(
  db: Db,
  update: CategoryUpdate,
  placement: TreePlacement,
): Promise<Result<SavedCategory | undefined, CategoryNotFound | CategoryCycle | CategoryTooDeep>> {
  const [, { rows }] = await db.batch([db.execute(LOCK_TREE), db.execute<MovedRow>(moveStatement(update, placement))])
  const [row] = rows
  if (row === undefined) return ok(undefined)
  if (row.id !== null) return ok(toSaved(row))
  const parentId = placement.parentId ?? 0
  if (row.is_orphan) return fail({ code: 'category_not_found', categoryId: parentId })
  if (row.is_cycle) return fail({ code: 'category_cycle', categoryId: update.decidedFrom.id, parentId })
  return tooDeep(row.depth)
}

async function namesAreFree<T, F extends { code: string }>(
  name: string,
  write: () => Promise<Result<T, F>>,
): Promise<Result<T, F | CategoryNameTaken>> {
  try {
    return await write()
  } catch (error) {
    if (isUniqueViolation(error, SIBLING_NAMES)) return fail({ code: 'category_name_taken', name })
    throw error
  }
}

const tooDeep = (depth: number) => fail({ code: 'category_too_deep', depth, maximumDepth: MAX_DEPTH } as const)

function toSaved(row: WrittenRow): SavedCategory {
  return { category: toCategory(row), eventId: Number(row.event_id) }
}
