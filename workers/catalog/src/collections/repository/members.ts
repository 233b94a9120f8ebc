import { categories, collectionProducts, productCategories } from '@shop/db/schema/catalog-groups'
import { type SQL, sql } from 'drizzle-orm'

/** What a rule compares, as SQL over the row of a product. */
export type RuleSubject = {
  id: SQL
  /** text[] */
  tags: SQL
  brand: SQL
  createdAt: SQL
  /** boolean */
  isInStock: SQL
  /** Whether it is sold for an amount from `min` to `max` of `currency`, in minor units; a bound may be null. */
  hasPrice: (price: { currency: SQL; min: SQL; max: SQL }) => SQL
}

/**
 * A statement part: whether a product is in the collection of the row `collection`, by hand or by its rule.
 *
 * The rule is read from the row, not from values of the statement, so that one round trip finds the collection and its
 * products. `offset 0` keeps the manual collection a look-up by key: without it Postgres may hash all products of all
 * collections.
 *
 * @param now an instant
 */
export function isMember(product: RuleSubject, now: SQL): SQL {
  const met = (column: string, condition: SQL) => sql`(collection.${sql.identifier(column)} is null or ${condition})`
  const price = {
    currency: sql`collection.rule_currency`,
    min: sql`collection.rule_price_min`,
    max: sql`collection.rule_price_max`,
  }
  const rule = sql.join(
    [
      met('rule_tags', sql`${product.tags} && collection.rule_tags`),
      met('rule_brands', sql`${product.brand} = any (collection.rule_brands)`),
      met(
        'rule_category_ids',
        sql`exists (
          select from ${productCategories} listed join ${categories} category on category.id = listed.category_id
          where listed.product_id = ${product.id} and category.path && collection.rule_category_ids)`,
      ),
      met('rule_currency', product.hasPrice(price)),
      met('rule_in_stock', sql`${product.isInStock} = collection.rule_in_stock`),
      met(
        'rule_created_within_days',
        sql`${product.createdAt} > ${now} - collection.rule_created_within_days * interval '1 day'`,
      ),
    ],
    sql` and `,
  )
  return sql`case collection.kind
    when 'manual' then exists (
      select from ${collectionProducts} listed
      where listed.collection_id = collection.id and listed.product_id = ${product.id} offset 0)
    else ${rule} end`
}
