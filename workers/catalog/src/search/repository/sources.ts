import { productPrices, productSearch } from '@shop/db/schema/catalog-search'
import type { CurrencyCode } from '@shop/kernel/currencies'
import { type SQL, sql } from 'drizzle-orm'
import type { ProductStatus } from '../../products/domain/product.ts'
import {
  allOf,
  candidates,
  conditionOf,
  IS_PUBLIC,
  indexedConditionOf,
  isPriceIn,
  isWithin,
  type Part,
  STATUS,
} from './parts.ts'

/** What the rows `s` and `p` of a list are read by. */
export type SourceOf = {
  parts: readonly Part[]
  /** Of `p`; without it there is no `p`. */
  currency: CurrencyCode | undefined
  /** Others than those for sale are only for staff. Default: active. */
  status?: ProductStatus | undefined
  /** Whether products that are not sold in the currency have a `p` of nulls. */
  isPriceOptional?: boolean
  /** A further join, on `s`. */
  join?: SQL | undefined
}

/**
 * FROM and WHERE of all products that meet the parts, by the index of the most selective kind of part: collection, terms
 * and text, price. Without any, it is all products, newest first.
 */
export function sourceOf({ parts, currency, status = 'active', isPriceOptional = false, join }: SourceOf): SQL {
  const condition = indexedConditionOf(parts)
  const price = sql`${currency === undefined ? sql.empty() : priceOf(currency, isPriceOptional)} ${join ?? sql.empty()}`
  if (status !== 'active') return sql`from (${inStatus(status)}) s ${price} where ${conditionOf(parts)}`
  const indexed = parts.flatMap((part) => part.indexed ?? [])
  if (parts.some(({ name }) => name === 'collection')) {
    return sql`from (select distinct id from (${candidates(allOf(indexed))}) listed) candidate
      ${rowOf(sql`candidate.id`)} ${price} where ${condition}`
  }
  if (indexed.length > 0) return sql`from ${productSearch} s ${price} where ${IS_PUBLIC} and ${condition}`
  if (currency !== undefined && !isPriceOptional) {
    return sql`from (select * from ${productPrices} p where ${isListedIn(currency, parts)} offset 0) p
      ${rowOf(sql`p.product_id`)} ${join ?? sql.empty()} where ${condition}`
  }
  return sql`from (${inStatus(status)}) s ${price} where ${condition}`
}

/** All products with a status, newest first. */
const inStatus = (status: ProductStatus) => sql`
  select * from ${productSearch} s where s.${STATUS[status]} order by s.created_at desc, s.product_id desc`

/** The price of the row `s`, as `p`. The limit keeps the join a look-up of the primary key. */
export const priceOf = (currency: CurrencyCode, isOptional: boolean): SQL => sql`
  ${isOptional ? sql`left join lateral` : sql`join lateral`} (
    select * from ${productPrices} p where p.product_id = s.product_id and ${isPriceIn(currency)} limit 1) p on true`

/** The row `s` of a product, looked up by its key. */
export const rowOf = (id: SQL): SQL =>
  sql`join lateral (select * from ${productSearch} s where s.product_id = ${id} and ${IS_PUBLIC} limit 1) s on true`

/** A condition on `p` that its index serves. */
export const isListedIn = (currency: CurrencyCode, parts: readonly Part[]): SQL => {
  const bounds = parts.flatMap(({ bounds }) => (bounds ? [isWithin(bounds)] : []))
  return sql`p.is_listed and ${isPriceIn(currency)} and ${allOf(bounds)}`
}
