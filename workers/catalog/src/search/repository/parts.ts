import { products } from '@shop/db/schema/catalog'
import { categories, collectionProducts, collections } from '@shop/db/schema/catalog-groups'
import { productPrices, productSearch } from '@shop/db/schema/catalog-search'
import type { CurrencyCode } from '@shop/kernel/currencies'
import { type SQL, sql } from 'drizzle-orm'
import { nameKey } from '../../categories/domain/name-key.ts'
import { isMember, type RuleSubject } from '../../collections/repository/members.ts'
import type { ProductStatus } from '../../products/domain/product.ts'
import type { NamedValues, ProductFilters } from '../domain/filters.ts'
import { type TermKind, termOf } from '../domain/term.ts'
import { textKind } from '../domain/text-kind.ts'

/** Of so few products, a text without words is looked for anywhere in name and description. */
const FEW = 400

/**
 * A condition of a list on `s`, a row of product_search, or `p`, its price. Each makes up one facet, or none.
 *
 * `indexed` is served by the GIN index of product_search. Its values come from subqueries, so Postgres does not estimate
 * them, and the plan is the same for common and for rare values.
 */
export type Part = {
  name: string
  indexed?: SQL
  /** Beside `indexed`, or instead of it. */
  checked?: SQL
  /** Instead of both where there are few products. */
  ofFew?: SQL
  /** Of the price, where it is that. */
  bounds?: NonNullable<ProductFilters['price']>
}

/** The parts of a list, and the CTEs that they refer to. */
export type Parts = { ctes: SQL[]; all: Part[]; hasWords: boolean }

/** Instant of prices: the CTE `clock` has it. */
const AT = sql`(select at from clock)`

/** @param list.locale the language of a search, beside the default one */
export function partsOf(
  filters: ProductFilters,
  { status, locale }: { status: ProductStatus; locale?: string | undefined },
): Parts {
  const { search, category, collection, brands, tags, price, isInStock, options = [], attributes = [] } = filters
  const hasWords = search !== undefined && textKind(search) === 'words'
  return {
    hasWords,
    ctes: [
      ...(hasWords ? [status === 'active' ? asked(search, locale) : askedOfOthers(search, locale)] : []),
      ...(search === undefined || hasWords
        ? []
        : [status === 'active' ? FEW_PRODUCTS : sql`few as (select true as are_few)`]),
      ...(category === undefined ? [] : [wanted(category)]),
      ...(collection === undefined ? [] : [chosen(collection)]),
    ],
    all: [
      ...(search === undefined ? [] : [hasWords ? FOUND : beginning(search)]),
      ...(category === undefined ? [] : [{ name: 'category', indexed: sql`s.terms && (select terms from wanted)` }]),
      ...(collection === undefined ? [] : [{ name: 'collection', checked: IN_COLLECTION }]),
      ...anyTerm('brand', 'b', brands),
      ...anyTerm('tag', 't', tags),
      ...(price === undefined ? [] : [{ name: 'price', checked: isWithin(price), bounds: price }]),
      ...(isInStock === undefined ? [] : anyTerm('in_stock', 's', [String(isInStock)])),
      ...options.flatMap(({ name, values }) => anyTerm(`option.${name}`, 'o', values, name)),
      ...attributes.flatMap(anyAttribute),
    ],
  }
}

/** All conditions of the parts, as one. */
export function conditionOf(parts: readonly Part[]): SQL {
  const conditions = parts.map(({ indexed, checked, ofFew }) => {
    const many = allOf([indexed, checked])
    return ofFew === undefined ? many : sql`case when (select are_few from few) then ${ofFew} else ${many} end`
  })
  return allOf(conditions)
}

/** The same, for a scan of the GIN index; not for few products. */
export const indexedConditionOf = (parts: readonly Part[]): SQL =>
  allOf(parts.flatMap(({ indexed, checked }) => [indexed, checked]))

export function allOf(conditions: readonly (SQL | undefined)[]): SQL {
  const given = conditions.filter((condition) => condition !== undefined)
  return given.length === 0 ? sql`true` : sql`(${sql.join(given, sql` and `)})`
}

/** A condition on the row of a product or on `s`. Written as text, since a partial index serves no condition with a parameter. */
export const STATUS: Record<ProductStatus, SQL> = {
  active: sql`status = 'active'`,
  draft: sql`status = 'draft'`,
  archived: sql`status = 'archived'`,
}

/** The guard of every public list: nothing that a client sends is part of it. */
export const IS_PUBLIC = sql`s.${STATUS.active}`

/** A condition on `p`, a row of product_prices: it is the price in a currency, now or when the first page was read. */
export const isPriceIn = (currency: CurrencyCode): SQL =>
  sql`p.currency = ${currency}::char(3) and p.valid_from <= ${AT} and p.valid_to > ${AT}`

/** A condition on `p`: it is within the bounds. */
export const isWithin = ({ min, max }: NonNullable<ProductFilters['price']>): SQL =>
  allOf([
    min === undefined ? undefined : sql`p.min_amount >= ${min}::bigint`,
    max === undefined ? undefined : sql`p.min_amount <= ${max}::bigint`,
  ])

/**
 * The CTE `clock`.
 *
 * A statement that has begun and is not committed may still end a price at an instant before now. So a list that others
 * follow begins at the oldest of them: all prices up to then are known. It waits for none longer than half a second.
 *
 * @param at when the first page of the list was read; prices are kept for a day
 * @param isFirst whether others follow
 */
export function clock(at: string | undefined, isFirst: boolean): SQL {
  if (at !== undefined) {
    return sql`clock as materialized (
      select least(greatest(${at}::timestamptz, now() - interval '23 hours'), now()) as at)`
  }
  if (!isFirst) return sql`clock as materialized (select now() as at)`
  return sql`clock as materialized (
    select greatest(now() - interval '500 ms', least(now(), min(xact_start))) as at from pg_stat_get_activity(null))`
}

const asked = (text: string, locale: string | undefined): SQL => sql`asked as materialized (
  select query, corrected from catalog.search_query(${text}, ${locale ?? null}::text))`

/** What a search is corrected to depends on the products for sale, so that of others is taken as it is. */
const askedOfOthers = (text: string, locale: string | undefined): SQL => sql`asked as materialized (
  select catalog.word_query(${text}, catalog.searched_languages(${locale ?? null}::text)) as query, false as corrected)`

const FOUND: Part = { name: 'search', indexed: sql`s.document @@ (select query from asked)` }

/** The newest products: one more than few, so that all are here if they are few. */
export const NEWEST_FEW = sql`
  select * from ${productSearch} s where ${IS_PUBLIC} order by s.created_at desc, s.product_id desc
  limit ${sql.raw(String(FEW + 1))}`

const FEW_PRODUCTS = sql`few as materialized (
  select count(*) <= ${sql.raw(String(FEW))} as are_few from (${NEWEST_FEW}) first)`

/** Names that begin with the text; among few products, all that contain it. */
function beginning(text: string): Part {
  const kind = textKind(text)
  const first = [...text].slice(0, 2).join('')
  const lower = sql`lower(${text}::text)`
  // A scalar subquery, not EXISTS: Postgres could answer that from a hash of all products.
  const product = (condition: SQL) =>
    sql`(select ${condition} from ${products} product where product.id = s.product_id)`
  const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`
  return {
    name: 'search',
    indexed: sql`s.terms && (select array[concat_ws(chr(31), 'n', lower(${first}::text))])`,
    ...(kind === 'beginning' ? { checked: product(sql`starts_with(lower(product.name), ${lower})`) } : {}),
    ofFew: product(sql`(product.name ilike ${pattern} or product.description ilike ${pattern})`),
  }
}

function anyTerm(facet: string, kind: TermKind, values: readonly string[] | undefined, ...name: string[]): Part[] {
  if (values === undefined || values.length === 0) return []
  const terms = values.map((value) => termOf(kind, ...name, value))
  return [{ name: facet, indexed: sql`s.terms && (select ${sql.param(terms)}::text[])` }]
}

/** An attribute that is not declared, or not for filtering, finds nothing. */
function anyAttribute({ name, values }: NamedValues): Part[] {
  const terms = values.map((value) => termOf('a', name, value))
  const declared = sql`(select ${sql.param(terms)}::text[] where exists (
    select from catalog.attributes declared where declared.key = ${name} and declared.is_filterable))`
  return [{ name: `attribute.${name}`, indexed: sql`s.terms && ${declared}` }]
}

/** The CTEs `wanted_ids (id)`, the categories that a text names and all below them, and `wanted`, one row of their terms. */
function wanted(category: string): SQL {
  const key = nameKey(category)
  return sql`
    wanted_ids as materialized (
      select below.id from ${categories} below
      where below.path && array(
        select named.id from ${categories} named where named.slug = ${key}
        union all
        select named.id from ${categories} named
        where named.name_key = ${key} and not exists (select from ${categories} other where other.slug = ${key}))),
    wanted as materialized (select array(select concat_ws(chr(31), 'c', id::text) from wanted_ids) as terms)`
}

/** The CTE `chosen`: the collection with a slug, else with an id. */
function chosen(collection: string): SQL {
  const id = /^[1-9][0-9]{0,15}$/.test(collection) ? Number(collection) : 0
  return sql`
    chosen as materialized (
      select * from ${collections} collection where collection.slug = ${collection} or collection.id = ${id}::bigint
      order by collection.slug = ${collection} desc limit 1)`
}

/** What a rule compares, of the row `s`, at a moment. */
export const subjectAt = (at: SQL): RuleSubject => ({
  id: sql`s.product_id`,
  tags: sql`(select product.tags from ${products} product where product.id = s.product_id)`,
  brand: sql`s.brand`,
  createdAt: sql`s.created_at`,
  isInStock: sql`s.is_in_stock`,
  hasPrice: ({ currency, min, max }: { currency: SQL; min: SQL; max: SQL }) => sql`exists (
    select from ${productPrices} price
    where price.product_id = s.product_id and price.currency = ${currency} and price.valid_from <= ${at}
      and price.valid_to > ${at} and (${min} is null or price.min_amount >= ${min})
      and (${max} is null or price.min_amount <= ${max}))`,
})

const IN_COLLECTION = sql`exists (select from chosen collection where ${isMember(subjectAt(AT), AT)})`

/**
 * Products that may be in the collection, as `(id)`: those listed by hand, or those that meet one condition of its rule
 * that has an index.
 *
 * @param indexed a condition on `s`, to be met in the same scan
 */
export function candidates(indexed: SQL): SQL {
  const terms = (kind: TermKind, values: SQL) =>
    sql`array(select concat_ws(chr(31), '${sql.raw(kind)}', value::text) from unnest(${values}) value)`
  const rule = sql`(
    select case
      when rule_tags is not null then ${terms('t', sql`rule_tags`)}
      when rule_brands is not null then ${terms('b', sql`rule_brands`)}
      when rule_category_ids is not null then array(
        select concat_ws(chr(31), 'c', below.id::text) from ${categories} below where below.path && rule_category_ids)
      when rule_currency is null and rule_created_within_days is null
        then array[concat_ws(chr(31), 's', rule_in_stock::text)]
      end
    from chosen where kind = 'rule')`
  const hasNoTerms = sql`kind = 'rule' and rule_tags is null and rule_brands is null and rule_category_ids is null`
  return sql`
    select listed.product_id as id from ${collectionProducts} listed
    where listed.collection_id = (select id from chosen where kind = 'manual')
    union all
    select s.product_id from ${productSearch} s where ${IS_PUBLIC} and s.terms && ${rule} and ${indexed}
    union all
    select price.product_id from ${productPrices} price
    where price.is_listed and price.currency = (select rule_currency from chosen where ${hasNoTerms})
      and price.min_amount between (select coalesce(rule_price_min, 0) from chosen)
        and (select coalesce(rule_price_max, 9223372036854775807) from chosen)
      and price.valid_from <= ${AT} and price.valid_to > ${AT}
    union all
    select s.product_id from ${productSearch} s
    where ${IS_PUBLIC} and s.created_at > (
      select ${AT} - rule_created_within_days * interval '1 day' from chosen where ${hasNoTerms} and rule_currency is null)`
}
