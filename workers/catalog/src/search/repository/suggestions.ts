import { products } from '@shop/db/schema/catalog'
import { categories } from '@shop/db/schema/catalog-groups'
import { productSearch } from '@shop/db/schema/catalog-search'
import { type SQL, sql } from 'drizzle-orm'
import { IS_PUBLIC } from './parts.ts'

/** Products of which the newest are suggested. */
const MATCHING = 1_000

/**
 * Products and categories with words that begin as those of the text, and brands that begin with it, as one statement
 * that returns one `Suggestions` as `suggested`.
 */
export function suggestStatement(text: string, { limit, locale }: { limit: number; locale?: string | undefined }): SQL {
  const rows = sql.raw(String(limit))
  const name =
    locale === undefined
      ? sql`product.name`
      : sql`coalesce(product.translations #>> ${sql.param([locale, 'name'])}::text[], product.name)`
  return sql`
    with asked as materialized (
      select words, (
        select string_agg('@' || word || ':*', ' & ')::tsquery from regexp_split_to_table(words, ' ') word where word <> '') as query
      from (select catalog.search_text(${text}) as words) plain),
    product as materialized (
      select product.id, ${name} as name, product.image_url as "imageUrl"
      from (
        select s.product_id, s.created_at from ${productSearch} s
        where ${IS_PUBLIC} and s.document @@ (select query from asked) limit ${sql.raw(String(MATCHING))}) matching
      join ${products} product on product.id = matching.product_id
      order by matching.created_at desc, product.id desc limit ${rows}),
    category as materialized (
      select category.id, category.slug, category.name from ${categories} category
      where catalog.name_words(catalog.search_text(category.name)) @@ (select query from asked)
      order by cardinality(category.path), category.id limit ${rows}),
    recursive_brand as materialized (${brandsOf(rows)})
    select jsonb_build_object(
      'products', (select coalesce(jsonb_agg(to_jsonb(product)), '[]') from product),
      'categories', (select coalesce(jsonb_agg(to_jsonb(category)), '[]') from category),
      'brands', (select coalesce(jsonb_agg(brand), '[]') from recursive_brand)) as suggested`
}

/** Each brand costs one look-up of the index, however many products have it. */
const brandsOf = (rows: SQL) => sql`
  with recursive brand as (
    (${firstBrand(sql`s.brand_key >= (select words from asked)`)})
    union all
    select next.brand_key, next.brand from brand cross join lateral (
      ${firstBrand(sql`(s.brand_key, s.brand) > (brand.brand_key, brand.brand)`)}) next)
  select brand from brand limit ${rows}`

const firstBrand = (isAfter: SQL) => sql`
  select s.brand_key, s.brand from ${productSearch} s
  where ${IS_PUBLIC} and s.brand is not null and ${isAfter}
    and s.brand_key < (select words from asked) || chr(1114109) and (select words from asked) <> ''
  order by s.brand_key, s.brand limit 1`
