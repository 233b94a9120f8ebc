import { productSales } from '@shop/db/schema/catalog-search'
import { type SQL, sql } from 'drizzle-orm'
import type { ListOrder, ListPosition } from '../domain/position.ts'

/** How a list is sorted: by `key` of the rows `s` and `p`, then by the id, both in one direction. */
export type Sorting = {
  key: SQL
  direction: SQL
  /** A condition on the rows that `key` is of: they come after the previous page. One comparison, so it is a range of the index. */
  after: SQL | undefined
  /** The column `key` as the text of a position. */
  text: SQL
  /** A join that `key` needs beside `s` and `p`. */
  join?: SQL
}

/** The weights of name, labels and description are those of Postgres. A whole number, so that a position is exact. */
const RANK = sql`(ts_rank(s.document, (select query from asked)) * 1000000)::bigint`

/** The sales of the row `s`, as `b`. The limit keeps the join a look-up of the primary key. */
const SALES = sql`
  join lateral (select * from ${productSales} b where b.product_id = s.product_id limit 1) b on true`

const INSTANT = sql`to_char(key at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

export function sortingBy(order: ListOrder, after: ListPosition | undefined): Sorting {
  const asc = sql`asc`
  const desc = sql`desc`
  const compare = (row: SQL, direction: SQL, type: SQL) =>
    after && sql`${row} ${direction === asc ? sql`>` : sql`<`} (${after.key}::${type}, ${after.id}::bigint)`
  const by = (key: SQL, direction: SQL, { row, type, text }: { row: SQL; type: SQL; text: SQL }): Sorting => ({
    key,
    direction,
    text,
    after: compare(row, direction, type),
  })
  const amount = { row: sql`(p.min_amount, p.product_id)`, type: sql`bigint`, text: sql`key::text` }
  switch (order) {
    case 'price':
      return by(sql`p.min_amount`, asc, amount)
    case '-price':
      return by(sql`p.min_amount`, desc, amount)
    case 'name':
      return by(sql`s.name_key`, asc, { row: sql`(s.name_key, s.product_id)`, type: sql`text`, text: sql`key` })
    case 'best_selling': {
      const sold = { row: sql`(b.sold, b.product_id)`, type: sql`bigint`, text: sql`key::text` }
      return { ...by(sql`b.sold`, desc, sold), join: SALES }
    }
    case 'relevance':
      return by(RANK, desc, { row: sql`(key, id)`, type: sql`bigint`, text: sql`key::text` })
    default:
      return by(sql`s.created_at`, desc, {
        row: sql`(s.created_at, s.product_id)`,
        type: sql`timestamptz`,
        text: INSTANT,
      })
  }
}
