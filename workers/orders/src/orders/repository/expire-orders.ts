import type { Db } from '@shop/db/client'
import { sql } from 'drizzle-orm'
import { uncountCtes } from '../../buyers/repository.ts'
import { orderEventCtes } from '../../events/repository.ts'
import { cardsOwedCte, owedOf, returnCardsCtes } from '../../gift-cards/repository/return.ts'
import { returnUsesCtes } from '../../promotions/repository/return-uses.ts'

/**
 * Cancels pending orders whose time is over, with their history and events. Skips rows that another sweep has locked. An
 * order that was paid a moment before is no longer pending.
 *
 * @returns how many it cancelled, at most `limit`
 */
export async function expireOrders(db: Db, { now, limit }: { now: Date; limit: number }): Promise<number> {
  const at = sql`${now.toISOString()}::timestamptz`
  const { rows } = await db.execute(sql`
    with due as (
      select id, counted_in, counted_units from orders.orders where status = 'pending' and expires_at <= ${at}
      order by expires_at limit ${limit} for update skip locked
    ),
    ${cardsOwedCte(sql`select id from due`)},
    cancelled as (
      update orders.orders o
      set status = 'cancelled', cancel_reason = 'expired', updated_at = ${at}, version = version + 1,
          gift_card_returned = o.gift_card_returned + ${owedOf(sql`o.id`)},
          refunded_amount = o.refunded_amount + ${owedOf(sql`o.id`)},
          ended_unpaid = true, counted_in = '{}', counted_units = 0
      from due where o.id = due.id
      returning o.*
    ),
    history as (
      insert into orders.order_events (order_id, seq, type, at, actor, data)
      select id, version, 'cancelled', updated_at, '{"kind":"system"}'::jsonb, '{"reason":"expired"}'::jsonb
      from cancelled
    ),
    ${orderEventCtes(sql`cancelled`, 'cancelled')},
    ${uncountCtes(sql`
      select due.counted_in, due.counted_units, false as is_paid, cancelled.updated_at as at
      from due join cancelled on cancelled.id = due.id`)},
    ${returnUsesCtes(sql`select cancelled.id, cancelled.updated_at as at from cancelled`, sql`locked`)},
    ${returnCardsCtes(sql`cancelled`, sql`locked`)}
    select id from cancelled`)
  return rows.length
}
