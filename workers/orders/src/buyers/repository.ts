import type { Db, Statement } from '@shop/db/client'
import { isCheckViolation } from '@shop/db/errors'
import { buyerCounters } from '@shop/db/schema/orders'
import { statement } from '@shop/db/statement'
import { type SQL, sql } from 'drizzle-orm'
import type { BrokenCap, BuyerCounter } from './domain/caps.ts'

export const buyerRepository = (db: Db) => ({
  /** Deletes counters that count nothing and have not changed for a day. Index: buyer_counters_unused. */
  async prune(now: Date): Promise<number> {
    const before = new Date(now.getTime() - KEEP_MS).toISOString()
    const { rows } = await db.execute(sql`
      delete from ${buyerCounters} where key in (
        select key from ${buyerCounters}
        where open_orders = 0 and not has_paid and updated_at < ${before}::timestamptz
        order by updated_at limit ${PRUNE_BATCH} for update skip locked)
      returning key`)
    return rows.length
  },
})

const KEEP_MS = 86_400_000
const PRUNE_BATCH = 1_000

const readStatement = statement<{ keys: string }>(
  () => sql`
    select key, open_orders as "openOrders", held_units::float8 as "heldUnits", has_paid as "hasPaid"
    from ${buyerCounters} where key in (select jsonb_array_elements_text(${sql.placeholder('keys')}::jsonb))`,
)

/** Reads what the counters count now, for a refusal that costs nothing. Only the statement that writes an order decides. */
export const readCounters = (counters: BuyerCounter[]): Statement =>
  readStatement({ keys: JSON.stringify(counters.map(({ key }) => key)) })

const CAPS: BrokenCap[] = ['open_orders', 'held_units', 'address_units']

/** The cap because of which a statement with {@link countCte} failed; undefined if it failed otherwise. */
export const brokenCap = (error: unknown): BrokenCap | undefined =>
  CAPS.find((cap) => isCheckViolation(error, `buyer_counters_${cap}`))

/** The values of {@link countCte}. */
export type CountValues = { counters: string; units: number; countedAt: string }

export const countValues = (counters: BuyerCounter[], units: number, countedAt: Date): CountValues => ({
  counters: JSON.stringify(counters),
  units,
  countedAt: countedAt.toISOString(),
})

const p = (name: keyof CountValues) => sql.placeholder(name)

/**
 * Statement part: the CTE `counted`, which counts an order in its counters if `mayCount` has a row, and returns their keys.
 * Where an account has paid before, the counter of the address is left out.
 *
 * A counter beyond its cap violates a constraint, which undoes the whole statement: the caps are exact however many
 * statements race, and no counter is left with half an order. Rows are locked in the order of their keys, here and in
 * {@link uncountCtes}, and after rows of orders, so that statements never deadlock.
 */
export const countCte = (mayCount: SQL): SQL => sql`
  counted as (
    insert into ${buyerCounters} as known (key, scope, open_orders, held_units, max_orders, max_units, updated_at)
    select counter.key, counter.scope, 1, ${p('units')}::int, counter."maxOrders", counter."maxUnits",
           ${p('countedAt')}::timestamptz
    from ${mayCount}, jsonb_to_recordset(${p('counters')}::jsonb)
      as counter(key text, scope text, "maxOrders" int, "maxUnits" bigint)
    where counter.scope <> 'address' or not exists (
      select from ${buyerCounters} own
      where own.has_paid and own.key in (select one->>'key' from jsonb_array_elements(${p('counters')}::jsonb) one))
    order by counter.key
    on conflict (key) do update
      set open_orders = known.open_orders + 1, held_units = known.held_units + excluded.held_units,
          max_orders = excluded.max_orders, max_units = excluded.max_units, updated_at = excluded.updated_at
    returning key
  )`

/**
 * Statement part: the CTEs that take orders out of their counters, for every statement that ends their being unpaid.
 *
 * An order names the counters that count it, and the same statement clears that, so a repeated one changes nothing here.
 *
 * @param ended selects for each order counted_in, counted_units, is_paid and at, as they were before
 */
export const uncountCtes = (ended: SQL): SQL => sql`
  ended as (
    select counter.key, count(*)::int as orders, sum(orders.counted_units)::bigint as units,
           bool_or(orders.is_paid) as is_paid, max(orders.at) as at
    from (${ended}) orders, unnest(orders.counted_in) as counter(key) group by counter.key
  ),
  locked as (
    select known.key from ${buyerCounters} known join ended on ended.key = known.key
    order by known.key for update of known
  ),
  uncounted as (
    update ${buyerCounters} known
    set open_orders = known.open_orders - ended.orders, held_units = known.held_units - ended.units,
        has_paid = known.has_paid or (known.scope = 'account' and ended.is_paid),
        updated_at = greatest(known.updated_at, ended.at)
    from locked join ended on ended.key = locked.key where known.key = locked.key
  )`
