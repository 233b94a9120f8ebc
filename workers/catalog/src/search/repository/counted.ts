import { attributes, categories } from '@shop/db/schema/catalog-groups'
import type { CurrencyCode } from '@shop/kernel/currencies'
import { type SQL, sql } from 'drizzle-orm'
import type { ProductStatus } from '../../products/domain/product.ts'
import type { FacetCount, Facets, Total } from '../domain/facets.ts'
import type { ProductFilters } from '../domain/filters.ts'
import { readTerm } from '../domain/term.ts'
import { clock, conditionOf, NEWEST_FEW, type Part, partsOf } from './parts.ts'
import { priceOf, sourceOf } from './sources.ts'

/** Up to so many products, counts are exact. */
const COUNTED = 10_000
/** How many values of a facet are named: those that most products have. */
const VALUES = 100
/** How many ranges of prices there are, about. */
const RANGES = 5

const int = (value: number) => sql.raw(String(value))

export type CountQuery = {
  filters: ProductFilters
  locale?: string | undefined
  status: ProductStatus
  currency: CurrencyCode
  withFacets: boolean
  /** A list by price has only products that are sold in the currency. */
  isByPrice: boolean
}

type CategoryCount = { id: number; slug: string; name: string; count: number }
type Prices = { min: number; max: number; ranges: { min: number; max: number; count: number }[] }

/** What the statement returns: the counts of several sets of products, each without the filter by one facet. */
export type CountedRow = {
  /** The number of products by the name of the set; the set of the whole list is ''. */
  sizes: Record<string, number>
  terms: { set: string; term: string; count: number }[]
  categories: CategoryCount[]
  prices: Prices | null
  in_stock: number
  attributes: { key: string; label: string }[]
}

/** Counts a list and its facets, as one statement that returns one {@link CountedRow} as `counted`. */
export function countStatement({ filters, locale, status, currency, withFacets, isByPrice }: CountQuery): SQL {
  const { ctes, all } = partsOf(filters, { status, locale })
  // The counts of a facet that the list is filtered by are those of the list without this filter.
  const own = withFacets ? all.map(({ name }) => name).filter(isFacet) : []
  const sets = ['', ...own].map((name, number) => ({
    name,
    table: sql.raw(`set_${number}`),
    parts: all.filter((part) => name === '' || part.name !== name),
  }))
  const tableOf = (facet: string) => (sets.find(({ name }) => name === facet) ?? sets[0])?.table ?? sql.raw('set_0')
  const price = {
    status,
    currency: withFacets || isByPrice || filters.currency || filters.price ? currency : undefined,
    isSold: isByPrice || filters.currency !== undefined,
  }
  const made = sets.map(
    ({ table, parts }) => sql`${table} as materialized (${counted(parts, price)} limit ${int(COUNTED + 1)})`,
  )
  return sql`
    with ${sql.join([clock(undefined, false), ...ctes, ...made], sql`, `)}
    select jsonb_build_object(
      'sizes', jsonb_build_object(${sql.join(
        sets.flatMap(({ name, table }) => [sql`${name}::text`, sql`(select count(*) from ${table})`]),
        sql`, `,
      )}),
      'terms', ${withFacets ? termsOf(sets) : sql`'[]'::jsonb`},
      'categories', ${withFacets ? categoriesOf(tableOf('category')) : sql`'[]'::jsonb`},
      'prices', ${withFacets ? pricesOf(tableOf('price')) : sql`null`},
      'in_stock', (select count(*) from ${tableOf('in_stock')} where is_in_stock),
      'attributes', ${withFacets ? DECLARED : sql`'[]'::jsonb`}) as counted`
}

const isFacet = (name: string) => /^(?:category|brand|price|in_stock|option\.|attribute\.)/.test(name)

type Priced = { status: ProductStatus; currency: CurrencyCode | undefined; isSold: boolean }

/** The products that meet the parts, with what is counted of them. */
function counted(parts: readonly Part[], price: Priced): SQL {
  const { currency, status } = price
  const isPriceOptional = !price.isSold && parts.every(({ bounds }) => bounds === undefined)
  const amount = currency === undefined ? sql`null::bigint as min_amount` : sql`p.min_amount`
  const columns = sql`s.facet_values, s.category_ids, s.is_in_stock, ${amount}`
  const all = sql`select ${columns} ${sourceOf({ parts, currency, status, isPriceOptional })}`
  if (status !== 'active' || parts.every(({ ofFew }) => ofFew === undefined)) return all
  const join = currency === undefined ? sql.empty() : priceOf(currency, isPriceOptional)
  return sql`
    select * from (${all} offset 0) found where not (select are_few from few)
    union all
    select * from (
      select ${columns} from (${NEWEST_FEW}) s ${join} where ${conditionOf(parts)} offset 0) found where (select are_few from few)`
}

type Set = { name: string; table: SQL }

/** What a term is a value of. */
const FACET = sql`left(term, length(term) - position(chr(31) in reverse(term)))`

/** The terms of each set with how many products have them, as JSON. */
function termsOf(sets: readonly Set[]): SQL {
  const each = sets.map(
    ({ name, table }) => sql`
      select ${name}::text as set, term, count(*) as count from ${table} cross join unnest(facet_values) term group by term`,
  )
  return sql`(
    select coalesce(jsonb_agg(jsonb_build_object('set', set, 'term', term, 'count', count) order by count desc, term), '[]')
    from (
      select *, row_number() over (partition by set, ${FACET} order by count desc, term) as place
      from (${sql.join(each, sql` union all `)}) counted) placed
    where place <= ${int(VALUES)})`
}

/** A product counts once for each category it is in, those above it included. Products with the same ones count together. */
const categoriesOf = (table: SQL): SQL => sql`(
  select coalesce(jsonb_agg(to_jsonb(named) order by count desc, id), '[]')
  from (
    select category.id, category.slug, category.name, in_all.count
    from (
      select id, sum(count) as count
      from (
        select distinct same.number, same.count, above.id
        from (
          select category_ids, count(*) as count, row_number() over () as number from ${table} group by category_ids) same
        cross join unnest(same.category_ids) own_id
        join ${categories} own on own.id = own_id
        cross join unnest(own.path) above (id)) each
      group by id order by count desc, id limit ${int(VALUES)}) in_all
    join ${categories} category on category.id = in_all.id) named)`

/** Ranges of one width, which is 1, 2 or 5 times a power of ten, in minor units. Both ends of a range count. */
const pricesOf = (table: SQL): SQL => sql`(
  select jsonb_build_object('min', bounds.min, 'max', bounds.max, 'ranges', (
    select jsonb_agg(jsonb_build_object('min', number * width, 'max', (number + 1) * width - 1, 'count', count) order by number)
    from (select min_amount / width as number, count(*) as count from ${table} where min_amount is not null group by 1) counted))
  from (select min(min_amount), max(min_amount) from ${table}) bounds
  cross join lateral (
    select (bounds.max - bounds.min + 1)::numeric / ${int(RANGES)} as raw, greatest(0, floor(log(greatest(1, (bounds.max - bounds.min + 1)::numeric / ${int(RANGES)})))) as power) steps
  cross join lateral (
    select min(nice * (10 ^ power)::bigint)::bigint as width from unnest(array[1, 2, 5, 10]) nice where nice * (10 ^ power) >= raw) widths
  where bounds.min is not null)`

const DECLARED = sql`(
  select coalesce(jsonb_agg(jsonb_build_object('key', declared.key, 'label', declared.label) order by declared.key), '[]')
  from ${attributes} declared where declared.is_filterable)`

/** The facets of a counted list. */
export function toFacets(row: CountedRow): Facets {
  const values = (set: string, kind: string, name?: string): FacetCount[] =>
    row.terms.flatMap(({ set: counted, term, count }) => {
      const read = readTerm(term)
      return counted === set && read.kind === kind && (name === undefined || read.name === name)
        ? [{ value: read.value, count }]
        : []
    })
  const setOf = (facet: string) => (facet in row.sizes ? facet : '')
  const names = new Set(
    row.terms.map(({ term }) => readTerm(term)).flatMap(({ kind, name }) => (kind === 'o' ? [name] : [])),
  )
  const attributes = row.attributes.map(({ key, label }) => ({
    key,
    label,
    values: values(setOf(`attribute.${key}`), 'a', key),
  }))
  return {
    categories: row.categories,
    brands: values(setOf('brand'), 'b'),
    prices: row.prices ?? undefined,
    options: [...names].sort().map((name) => ({ name, values: values(setOf(`option.${name}`), 'o', name) })),
    attributes: attributes.filter((attribute) => attribute.values.length > 0),
    inStock: row.in_stock,
    isApproximate: Object.values(row.sizes).some((size) => size > COUNTED),
  }
}

/** How many products the list has, as far as they are counted. */
export function toTotal({ sizes }: CountedRow): Total {
  const size = sizes[''] ?? 0
  return { count: Math.min(size, COUNTED), isExact: size <= COUNTED }
}
