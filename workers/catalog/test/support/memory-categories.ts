import type { CategoryNotFound, SlugTaken } from '@shop/contracts/catalog/failures'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { Category } from '../../src/categories/domain/category.ts'
import type { CategoryRepository, SavedCategory } from '../../src/categories/repository/index.ts'
import type { NewCategory } from '../../src/categories/repository/statements.ts'
import type { memoryEvents } from './memory-events.ts'
import type { MemoryKeys } from './memory-keys.ts'

/** Categories in memory, with their events: what the routes need. The rules of the tree are tested on a real database. */
export function memoryCategories(
  { write }: Pick<ReturnType<typeof memoryEvents>, 'write'>,
  { keyed }: Pick<MemoryKeys, 'keyed'>,
) {
  const rows = new Map<number, Category>()
  let interruption: (() => Promise<unknown>) | undefined
  const isLost = async ({ id, version }: Category) => {
    const interrupt = interruption
    interruption = undefined
    await interrupt?.()
    return rows.get(id)?.version !== version
  }
  const save = (category: Category, type: 'category.created' | 'category.updated'): SavedCategory => {
    rows.set(category.id, category)
    return { category, eventId: write(type, eventOf(category, category.updatedAt)) }
  }
  const insert = async (category: NewCategory): Promise<Result<SavedCategory, CategoryNotFound | SlugTaken>> => {
    const {
      name,
      slug: { text: slug, isChosen },
      parentId,
      metadata,
      createdAt,
    } = category
    const parent = parentId === null ? undefined : rows.get(parentId)
    if (parentId !== null && parent === undefined) return fail({ code: 'category_not_found', categoryId: parentId })
    if (isChosen && [...rows.values()].some((row) => row.slug === slug)) return fail({ code: 'slug_taken', slug })
    const id = rows.size + 1
    const place = { parentId, position: id - 1, path: [...(parent?.path ?? []), id] }
    const slugs = [...(parent?.slugs ?? []), slug]
    const times = { createdAt, updatedAt: createdAt }
    return ok(save({ id, name, slug, slugs, metadata, ...place, ...times, version: 1 }, 'category.created'))
  }
  const categories: CategoryRepository = {
    find: async (id) => rows.get(id),
    tree: async () => [...rows.values()],
    insert: (category) =>
      keyed(
        category.key,
        () => insert(category),
        (saved) => saved.category.id,
      ),
    update: async ({ fields, decidedFrom, updatedAt }) => {
      if (await isLost(decidedFrom)) return ok(undefined)
      const version = decidedFrom.version + 1
      return ok(save({ ...decidedFrom, ...fields, updatedAt, version }, 'category.updated'))
    },
    delete: async ({ decidedFrom, deletedAt }) => {
      if (await isLost(decidedFrom)) return ok(undefined)
      rows.delete(decidedFrom.id)
      return ok({ eventId: write('category.deleted', eventOf(decidedFrom, deletedAt)) })
    },
  }
  return {
    categories,
    /** Runs in the middle of the next update or deletion, as another writer would. */
    beforeNextCategoryWrite: (work: () => Promise<unknown>) => {
      interruption = work
    },
  }
}

function eventOf({ id, parentId, version }: Category, createdAt: Date) {
  return { key: id, sequence: version, payload: { categoryId: id, parentId }, createdAt }
}
