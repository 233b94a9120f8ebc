import { ask, type Db } from '@shop/db/client'
import { statement } from '@shop/db/statement'
import { newId } from '@shop/http/ids'
import type { OrderId } from '@shop/kernel/ids'
import { sql } from 'drizzle-orm'
import type { BuyerCounter } from '../../src/buyers/domain/caps.ts'
import { countCte, countValues, uncountCtes } from '../../src/buyers/repository.ts'
import type { BrokenLimit, NewUse } from '../../src/promotions/domain/uses.ts'
import { brokenLimit } from '../../src/promotions/repository/broken-limit.ts'
import { claimUsesCtes, useValues } from '../../src/promotions/repository/claim-uses.ts'
import { returnUsesCtes } from '../../src/promotions/repository/return-uses.ts'

// The smallest statements that write and cancel an order with its promotions and with the counters of its buyer, whose rows
// are locked first.

const p = (name: string) => sql.placeholder(name)

const place = statement(
  () => sql`
    with may_place as (select 1),
    ${countCte(sql`may_place`)},
    placed as (
      insert into orders.orders (id, customer_key, email, status, payment_status, subtotal, total, currency, created_at, updated_at,
                                 expires_at, counted_in, counted_units)
      select ${p('id')}, ${p('customerKey')}, 'guest@example.com', 'pending', 'unpaid', 100, 100, ${p('currency')},
             ${p('countedAt')}::timestamptz, ${p('countedAt')}::timestamptz, ${p('countedAt')}::timestamptz,
             (select array_agg(key) from counted), ${p('units')}::int
      from may_place
      returning *
    ),
    ${claimUsesCtes(sql`placed`)}
    select id from placed`,
)

const cancel = statement(
  () => sql`
    with before as (
      select id, counted_in, counted_units from orders.orders
      where id = any(${p('ids')}::text[]) and status = 'pending' order by id for update
    ),
    cancelled as (
      update orders.orders o
      set status = 'cancelled', cancel_reason = 'expired', updated_at = ${p('now')}::timestamptz, counted_in = '{}',
          counted_units = 0
      from before where o.id = before.id
      returning o.*
    ),
    ${uncountCtes(sql`
      select before.counted_in, before.counted_units, false as is_paid, cancelled.updated_at as at
      from before join cancelled on cancelled.id = before.id`)},
    ${returnUsesCtes(sql`select cancelled.id, cancelled.updated_at as at from cancelled`, sql`locked`)}
    select id from cancelled`,
)

/** The same that trusts its caller to cancel an order once, as a bug would. */
const returnAgain = statement(
  () => sql`
    with given as (select id, updated_at as at from orders.orders where id = any(${p('ids')}::text[])),
    ${returnUsesCtes(sql`select given.id, given.at from given`, sql`given`)}
    select id from given`,
)

type Purchase = { customerKey?: string; currency?: string; uses: readonly NewUse[] }

/** Writes an order. @returns its id, or the limit because of which it was not written */
export async function placeWithUses(
  db: Db,
  { customerKey = `account:${newId('user')}`, currency = 'EUR', uses }: Purchase,
): Promise<{ id: OrderId } | BrokenLimit> {
  const id = newId('order')
  const counter: BuyerCounter = { key: customerKey, scope: 'email', maxOrders: 1_000, maxUnits: 1_000 }
  try {
    await ask(db, place({ ...useValues(uses, customerKey), ...countValues([counter], 1, new Date()), id, currency }))
    return { id }
  } catch (error) {
    const broken = brokenLimit(error, uses)
    if (broken === undefined) throw error
    return broken
  }
}

const valuesOf = (ids: readonly OrderId[]) => ({ ids: `{${ids.join()}}`, now: new Date().toISOString() })

/** Cancels those of the orders that are pending. @returns how many there were */
export async function cancelUnpaid(db: Db, ids: readonly OrderId[]): Promise<number> {
  return (await ask(db, cancel(valuesOf(ids)))).length
}

/** Gives back what orders use, whatever their status. */
export const returnUses = (db: Db, ids: readonly OrderId[]) => ask(db, returnAgain(valuesOf(ids)))
