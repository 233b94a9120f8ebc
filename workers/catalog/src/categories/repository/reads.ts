import type { Db } from '@shop/db/client'
import { categories } from '@shop/db/schema/catalog-groups'
import { asc, eq, sql } from 'drizzle-orm'
import type { Category } from '../domain/category.ts'
import type { TreeRow } from '../domain/tree.ts'

const columns = {
  id: categories.id,
  parentId: categories.parentId,
  name: categories.name,
  slug: categories.slug,
  position: categories.position,
  path: categories.path,
  metadata: categories.metadata,
  createdAt: categories.createdAt,
  updatedAt: categories.updatedAt,
  version: categories.version,
}

/** Each call is one round trip. Each query is built once per connection. */
export function categoryReads(db: Db) {
  const findById = db
    .select({
      ...columns,
      slugs: sql<string[]>`array(
        select above.slug from unnest(${categories.path}) with ordinality step (id, number)
        join ${categories} above on above.id = step.id order by step.number)`,
    })
    .from(categories)
    .where(eq(categories.id, sql.placeholder('id')))
    .prepare('find_category')
  const readAll = db.select(columns).from(categories).orderBy(asc(categories.id)).prepare('list_categories')
  return {
    async find(id: number): Promise<Category | undefined> {
      const [category] = await findById.execute({ id })
      return category
    },

    /** All categories: a shop has hundreds, and a menu shows most of them. */
    async tree(): Promise<TreeRow[]> {
      return readAll.execute()
    },
  }
}
