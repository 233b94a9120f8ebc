import { products } from '@shop/db/schema/catalog'
import { categories, productCategories } from '@shop/db/schema/catalog-groups'
import { sql } from 'drizzle-orm'

const IN_ORDER = sql`order by listed.position, listed.category_id`

/** Not the column itself: among the columns of a query of one table, Drizzle would leave out the table. */
export const PRODUCT_ID = sql`${products}.id`

/** What a product shows of its categories, by the names of `Product`. */
export const categoryColumns = {
  category: sql<string | null>`(
    select category.name from ${productCategories} listed join ${categories} category on category.id = listed.category_id
    where listed.product_id = ${PRODUCT_ID} ${IN_ORDER} limit 1)`,
  categoryIds: sql<number[]>`array(
    select listed.category_id from ${productCategories} listed where listed.product_id = ${PRODUCT_ID} ${IN_ORDER})`.mapWith(
    (ids: string[]) => ids.map(Number),
  ),
}
