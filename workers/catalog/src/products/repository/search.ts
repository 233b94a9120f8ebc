import { products } from '@shop/db/schema/catalog'
import { and, type SQL, sql } from 'drizzle-orm'
import type { ProductStatus } from '../domain/product.ts'
import { hasAsciiTrigram, type SearchKind, wordsOf } from '../domain/search.ts'
import { IS_WANTED, newestWanted, WANTED } from './categories.ts'

/** How many of the newest products are searched through before an index is asked. */
const NEWEST = 400
/** How many are searched through when the trigram index would find too many. */
const NEWEST_AT_MOST = 2_000
/** It finds too many when more than this percentage of the products has all words of the text. */
const COMMON_PERCENT = 10
/** The products by which that is estimated. */
const SAMPLE = 100
/** A large prime, whose multiples spread the sample over all ids and follow no pattern of them. */
const SPREAD = 2_654_435_761

const int = (number: number) => sql.raw(String(number))
const LIMIT = sql`${sql.placeholder('limit')}::int`
const TEXT = sql`lower(${sql.placeholder('text')}::text)`
const PATTERN = sql`${sql.placeholder('pattern')}::text`
const NAME = sql`lower(${products.name})`
/** Exactly the indexed expression of products_search. */
const INDEXED = sql`(${products.name} || ' ' || ${products.description})`
/** Drops matches of {@link INDEXED} that span name and description. */
const CONTAINS = sql`(${products.name} ilike ${PATTERN} or ${products.description} ilike ${PATTERN})`
const NEWEST_FIRST = sql`order by created_at desc, id desc`

/** Names that begin with the text. The indexes of the first one and two letters are in the order of the list. */
const BEGINS: Record<Exclude<SearchKind, 'contains'>, SQL> = {
  initial: sql`left(${NAME}, 1) = ${TEXT}`,
  initials: sql`left(${NAME}, 2) = ${TEXT}`,
  beginning: sql`left(${NAME}, 2) = left(${TEXT}, 2) and starts_with(${NAME}, ${TEXT})`,
}

/** The values of the placeholders. */
export const searchValues = (text: string) => ({
  text,
  pattern: containing(text),
  words: wordsOf(text).map(containing),
  hasAsciiTrigram: hasAsciiTrigram(text),
})

/** The text as a pattern of ILIKE in which it stands for itself. */
const containing = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`

export type ListScope = { status: ProductStatus; isOfCategory: boolean; isLaterPage: boolean }

// One comparison of rows, not two of columns: only a row comparison is a range of the index.
const AFTER = sql`(${products.createdAt}, ${products.id})
  < (${sql.placeholder('createdAt')}::timestamptz, ${sql.placeholder('id')}::bigint)`

/** Written as text, since a partial index serves only a condition that has no parameter. */
export const IS_ACTIVE = sql`${products.status} = 'active'`
const HAS_STATUS: Record<ProductStatus, SQL> = {
  active: IS_ACTIVE,
  draft: sql`${products.status} = 'draft'`,
  archived: sql`${products.status} = 'archived'`,
}

/** The conditions on the row of a product to be listed. */
export const listed = ({ status, isLaterPage }: Omit<ListScope, 'isOfCategory'>) =>
  and(HAS_STATUS[status], isLaterPage ? AFTER : undefined)

/** The same, in a wanted category where the list is of one. */
const within = (scope: ListScope) => and(listed(scope), scope.isOfCategory ? IS_WANTED : undefined)

const withWanted = ({ isOfCategory }: ListScope) => (isOfCategory ? sql`with ${WANTED},` : sql`with`)

/** The newest products that a search finds, as `found (id, created_at)`. No search reads all products, whatever its text. */
export function foundBy(kind: SearchKind, scope: ListScope): SQL {
  return sql`(${kind === 'contains' ? foundByText(scope) : foundByName(kind, scope)}) found`
}

/**
 * Products whose name or description contains the text.
 *
 * A common word is found among the newest products, and a rare one by the trigram index. Postgres cannot tell which it is:
 * its statistics are too coarse, and a wrong guess reads the whole table. So this tries the newest products, and then the
 * index, if a sample has few products with all words of the text. A rare text of common words is looked for only among the
 * newest {@link NEWEST_AT_MOST}, since the index finds words and would read every product that has them.
 *
 * The plan is the same for every text: the index gets its pattern from a subquery, and `offset 0` keeps the order of the
 * list out of its part.
 */
function foundByText(scope: ListScope): SQL {
  const isWay = (way: 'newest' | 'index' | 'older') => sql`(select way from decided) = ${sql.raw(`'${way}'`)}`
  return sql`
    ${withWanted(scope)} newest as materialized (${newest(scope, NEWEST)}),
    matching as materialized (select id, created_at from newest where matches ${NEWEST_FIRST} limit ${LIMIT}),
    decided as materialized (
      select case
        when (select count(*) from matching) = ${LIMIT} or (select count(*) from newest) < ${int(NEWEST)} then 'newest'
        when ${HAS_TRIGRAM} and ${IS_RARE} then 'index'
        else 'older' end as way
    )
    select id, created_at from matching where ${isWay('newest')}
    union all (
      select id, created_at from (
        select id, created_at from ${products}
        where ${INDEXED} ilike (select ${PATTERN}) and ${CONTAINS} and ${within(scope)} offset 0
      ) indexed where ${isWay('index')} ${NEWEST_FIRST} limit ${LIMIT}
    )
    union all (
      select id, created_at from (${newest(scope, NEWEST_AT_MOST)}) older
      where matches and ${isWay('older')} ${NEWEST_FIRST} limit ${LIMIT}
    )`
}

/** Products whose name begins with the text; among few products, all that contain it. */
function foundByName(kind: Exclude<SearchKind, 'contains'>, scope: ListScope): SQL {
  const first = newestOf({ ...scope, isLaterPage: false }, int(NEWEST + 1))
  return sql`
    ${withWanted(scope)} decided as materialized (select (select count(*) from (${first}) first) <= ${int(NEWEST)} as are_few)
    select id, created_at from (
      select id, created_at from (${newest(scope, NEWEST)}) newest
      where matches and (select are_few from decided) ${NEWEST_FIRST} limit ${LIMIT}
    ) searched
    union all (
      select id, created_at from ${products}
      where ${within(scope)} and ${BEGINS[kind]} and not (select are_few from decided) ${NEWEST_FIRST} limit ${LIMIT}
    )`
}

/**
 * The newest products of the list, as `(id, created_at)`. Only products for sale are listed by category; of others there are
 * few.
 */
export const newestOf = (scope: ListScope, rows: SQL) =>
  scope.isOfCategory && scope.status === 'active'
    ? newestWanted({ ...scope, limit: rows })
    : sql`select id, created_at from ${products} where ${within(scope)} ${NEWEST_FIRST} limit ${rows}`

/** The same, with whether each one contains the text. */
const newest = (scope: ListScope, rows: number) =>
  scope.isOfCategory
    ? sql`select newest_of.id, newest_of.created_at, ${CONTAINS} as matches
        from (${newestOf(scope, int(rows))}) newest_of join ${products} on ${products.id} = newest_of.id`
    : sql`select id, created_at, ${CONTAINS} as matches from ${products} where ${listed(scope)} ${NEWEST_FIRST} limit ${int(rows)}`

/** Whether the index has a trigram of the text. Letters like é have trigrams only where the locale takes them for letters. */
const HAS_TRIGRAM = sql`(${sql.placeholder('hasAsciiTrigram')}::boolean or show_trgm('é') <> '{}')`

const IS_RARE = sql`(
  select count(*) filter (where ${INDEXED} ilike all (${sql.placeholder('words')}::text[])) * 100
    <= count(*) * ${int(COMMON_PERCENT)}
  from generate_series(1, ${int(SAMPLE)}) part
  join ${products} on ${products.id} = part * ${int(SPREAD)} % (select max(id) from ${products}) + 1)`
