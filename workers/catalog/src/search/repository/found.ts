import { collectionProducts, productCategories } from '@shop/db/schema/catalog-groups'
import { productPrices, productSales, productSearch } from '@shop/db/schema/catalog-search'
import type { CurrencyCode } from '@shop/kernel/currencies'
import { type SQL, sql } from 'drizzle-orm'
import type { ProductStatus } from '../../products/domain/product.ts'
import type { ProductFilters } from '../domain/filters.ts'
import type { ListOrder, ListPosition } from '../domain/position.ts'
import { allOf, clock, conditionOf, IS_PUBLIC, type Part, partsOf } from './parts.ts'
import { type Sorting, sortingBy } from './sorting.ts'
import { isListedIn, priceOf, rowOf, sourceOf } from './sources.ts'

export type FoundQuery = {
  filters: ProductFilters
  order: ListOrder
  /** Others than those for sale are only for staff. Default: active. */
  status?: ProductStatus | undefined
  /** The last product of the previous page. */
  after?: ListPosition | undefined
  limit: number
  /** The language of a search, beside the default one. */
  locale?: string | undefined
  /** Of prices that are filtered or sorted by, where the filters name none. */
  defaultCurrency: CurrencyCode
}

/** How many products are looked through in the order of the list, before an index finds those that match. */
const WINDOW = 500
/** How many of the products that a text finds are ranked. */
const RANKED = 5_000

const int = (value: number) => sql.raw(String(value))

type List = {
  parts: readonly Part[]
  sorting: Sorting
  limit: number
  /** Of `p`; absent where no price is needed. */
  currency: CurrencyCode | undefined
}

/** Some CTEs, and a statement that returns `(id, key)` of the products of a page, or of more. */
type Page = { ctes: SQL[]; rows: SQL }

/**
 * The products of a page, as a statement that returns `(id, key, place, at, corrected)`.
 *
 * It looks through a window of the list, which finds what is common. If that does not fill the page, an index finds all
 * that match, and they are sorted. So neither a common nor a rare value makes Postgres read all products, and the plan
 * does not depend on its statistics.
 */
export function foundStatement(query: FoundQuery): SQL {
  const { filters, order, status = 'active', after, limit, defaultCurrency, locale } = query
  const isByPrice = order === 'price' || order === '-price'
  const needsPrice = isByPrice || filters.price !== undefined || filters.currency !== undefined
  const currency = needsPrice ? (filters.currency ?? defaultCurrency) : undefined
  const { ctes, all: parts, hasWords } = partsOf(filters, { status, locale })
  const list = { parts, limit, currency }
  const page =
    status !== 'active'
      ? ofStaff({ ...list, sorting: sortingBy(order, after) }, status, order)
      : order === 'by_hand'
        ? byHand(list, after)
        : placed({ ...list, sorting: sortingBy(order, after) }, order)
  return sql`
    with ${sql.join([clock(after?.at, isByPrice), ...ctes, ...page.ctes], sql`, `)}
    select id, key, place, ${isByPrice ? INSTANT : sql`null::text`} as at,
           ${hasWords ? sql`(select corrected from asked)` : sql`false`} as corrected
    from (${page.rows}) page`
}

const INSTANT = sql`(select to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') from clock)`

/** The page of a list, as rows `(id, key, place)` with the key as text. */
function placed(list: List, order: ListOrder): Page {
  const { ctes, rows } = pageOf(order, list)
  return { ctes, rows: inPlace(list, rows) }
}

const inPlace = ({ sorting, limit }: List, rows: SQL): SQL => sql`
  select id, ${sorting.text} as key, row_number() over (${inOrderOf(sorting)}) as place
  from (${rows}) page order by place limit ${int(limit)}`

/** Products that are not for sale are few, or are looked through newest first: no index has their terms and text. */
function ofStaff(list: List, status: ProductStatus, order: ListOrder): Page {
  const { parts, sorting, currency, limit } = list
  const isRanked = order === 'relevance'
  const after = sorting.after ?? sql`true`
  const source = sourceOf({ parts, currency, status, join: sorting.join })
  const rows = sql`
    select id, key from (
      select s.product_id as id, ${sorting.key} as key ${source} ${isRanked ? sql.empty() : sql`and ${after}`}) matching
    where ${isRanked ? after : sql`true`} ${inOrderOf(sorting)} limit ${int(limit)}`
  return { ctes: [], rows: inPlace(list, rows) }
}

const inOrderOf = ({ direction }: Sorting) => sql`order by key ${direction}, id ${direction}`

function pageOf(order: ListOrder, list: List): Page {
  const { parts, currency, limit } = list
  const [only, ...others] = parts
  switch (order) {
    case 'relevance':
      return { ctes: [], rows: ranked(list) }
    case 'price':
    case '-price': {
      const unchecked = parts.filter(({ bounds }) => bounds === undefined)
      const first = (rows: number) => windowByPrice(list, unchecked, rows)
      return unchecked.length === 0 ? { ctes: [], rows: first(limit) } : windowed(list, first(WINDOW))
    }
    case 'best_selling':
      if (only === undefined && currency === undefined) return { ctes: [], rows: windowBySales(list, limit) }
      return windowed(list, windowBySales(list, WINDOW))
    default:
      if (order === 'newest' && only?.name === 'category' && others.length === 0 && currency === undefined) {
        return { ctes: [], rows: newestOfCategories(list) }
      }
      if (only === undefined && currency === undefined) return { ctes: [], rows: windowOf(list, limit) }
      return windowed(list, windowOf(list, WINDOW))
  }
}

/** The first products of the list, as `(id, key, matches)`. */
function windowOf({ parts, sorting, currency }: List, rows: number): SQL {
  const isPriced = currency === undefined ? undefined : sql`p.min_amount is not null`
  return sql`
    select s.product_id as id, ${sorting.key} as key, ${allOf([isPriced, conditionOf(parts)])} as matches
    from (
      select * from ${productSearch} s where ${allOf([IS_PUBLIC, sorting.after])}
      order by ${sorting.key} ${sorting.direction}, s.product_id ${sorting.direction} limit ${int(rows)}) s
    ${currency === undefined ? sql.empty() : priceOf(currency, true)}`
}

/** The same in the order of prices, within their bounds. */
function windowByPrice({ sorting, currency, parts }: List, unchecked: readonly Part[], rows: number): SQL {
  if (currency === undefined) throw new Error('A list by price has a currency')
  return sql`
    select p.product_id as id, p.min_amount as key, ${conditionOf(unchecked)} as matches
    from (
      select * from ${productPrices} p where ${allOf([isListedIn(currency, parts), sorting.after])}
      order by p.min_amount ${sorting.direction}, p.product_id ${sorting.direction} limit ${int(rows)}) p
    ${rowOf(sql`p.product_id`)}`
}

/** The same in the order of sales. */
function windowBySales({ sorting, currency, parts }: List, rows: number): SQL {
  const isPriced = currency === undefined ? undefined : sql`p.min_amount is not null`
  return sql`
    select b.product_id as id, b.sold as key, ${allOf([isPriced, conditionOf(parts)])} as matches
    from (
      select * from ${productSales} b where ${allOf([sql`b.is_listed`, sorting.after])}
      order by b.sold ${sorting.direction}, b.product_id ${sorting.direction} limit ${int(rows)}) b
    ${rowOf(sql`b.product_id`)} ${currency === undefined ? sql.empty() : priceOf(currency, true)}`
}

/** A page from the window, or, if that does not fill it and the list goes on, from all that match. */
function windowed({ parts, sorting, currency, limit }: List, window: SQL): Page {
  const after = sorting.after ?? sql`true`
  return {
    ctes: [
      sql`looked_through as materialized (${window})`,
      sql`matched as materialized (
        select id, key from looked_through where matches ${inOrderOf(sorting)} limit ${int(limit)})`,
      sql`decided as materialized (
        select (select count(*) from matched) = ${int(limit)}
            or (select count(*) from looked_through) < ${int(WINDOW)} as is_done)`,
    ],
    rows: sql`
      select id, key from matched where (select is_done from decided)
      union all
      select id, key from (
        select s.product_id as id, ${sorting.key} as key ${sourceOf({ parts, currency, join: sorting.join })} and ${after}
        offset 0) matching
      where not (select is_done from decided)`,
  }
}

function ranked({ parts, sorting, currency }: List): SQL {
  return sql`
    select id, key from (
      select s.product_id as id, ${sorting.key} as key from (
        select s.* ${sourceOf({ parts, currency })} limit ${int(RANKED)}) s) ranked
    where ${sorting.after ?? sql`true`}`
}

/** The newest products of the wanted categories: each is read by its index, as far as the limit. */
function newestOfCategories({ sorting, limit }: List): SQL {
  const after = sorting.after === undefined ? sql.empty() : sql`and ${sorting.after}`
  return sql`
    select distinct newest.id, newest.key from wanted_ids category cross join lateral (
      select s.product_id as id, s.created_at as key from ${productCategories} s
      where s.category_id = category.id and s.is_listed ${after}
      order by s.created_at desc, s.product_id desc limit ${int(limit)}) newest`
}

/**
 * A manual collection in its own order; one with a rule, newest first. Only one of the two has rows. The key of a position
 * tells which of them it is in: a place is a number.
 */
function byHand(list: Omit<List, 'sorting'>, after: ListPosition | undefined): Page {
  const isPlace = after !== undefined && /^\d+$/.test(after.key)
  if (isPlace) return { ctes: [], rows: manual(list, after) }
  const newest = placed({ ...list, parts: [...list.parts, HAS_RULE], sorting: sortingBy('newest', after) }, 'newest')
  if (after !== undefined) return newest
  return { ctes: newest.ctes, rows: sql`(${newest.rows}) union all (${manual(list, after)})` }
}

const HAS_RULE: Part = { name: 'rule', checked: sql`(select kind from chosen) = 'rule'` }

function manual({ parts, currency, limit }: Omit<List, 'sorting'>, after: ListPosition | undefined): SQL {
  const isAfter = after && sql`and (listed.position, listed.product_id) > (${after.key}::int, ${after.id}::bigint)`
  return sql`
    select s.product_id as id, listed.position::text as key,
           row_number() over (order by listed.position, s.product_id) as place
    from (
      select * from ${collectionProducts} listed
      where listed.collection_id = (select id from chosen where kind = 'manual') ${isAfter ?? sql.empty()}
      order by listed.position, listed.product_id offset 0) listed
    ${rowOf(sql`listed.product_id`)} ${currency === undefined ? sql.empty() : priceOf(currency, false)}
    where ${conditionOf(parts.filter(({ name }) => name !== 'collection'))}
    order by listed.position, s.product_id limit ${int(limit)}`
}
