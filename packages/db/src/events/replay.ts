import { consumersOf, type EventType } from '@shop/contracts/events/catalogue'
import type { Consumer } from '@shop/contracts/events/define'
import { sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import type { EventTables } from './tables.ts'

type OneDelivery = { eventId: number; consumer: Consumer; now: Date }

/** Makes a delivery due now and resets its failures. */
export async function retryDelivery(db: Db, { deliveries }: EventTables, one: OneDelivery): Promise<boolean> {
  const { rows } = await db.execute(sql`
    update ${deliveries}
    set status = 'pending', failures = 0, confirmed_at = null, next_attempt_at = ${one.now.toISOString()}::timestamptz
    where event_id = ${one.eventId}::bigint and consumer = ${one.consumer}
    returning event_id`)
  return rows.length === 1
}

export async function skipDelivery(db: Db, { deliveries }: EventTables, one: OneDelivery): Promise<boolean> {
  const { rows } = await db.execute(sql`
    update ${deliveries} set status = 'skipped', confirmed_at = ${one.now.toISOString()}::timestamptz
    where event_id = ${one.eventId}::bigint and consumer = ${one.consumer} and status in ('pending', 'parked')
    returning event_id`)
  return rows.length === 1
}

const REPLAYED_AT_ONCE = 1_000

/** One statement; events of types that the consumer does not receive are skipped. Served by the index events_age. */
export async function replayEvents(
  db: Db,
  { events, deliveries }: EventTables,
  range: { consumer: Consumer; types: readonly EventType[]; from: Date; to: Date; afterId: number; now: Date },
): Promise<{ replayed: number; lastId: number | undefined }> {
  const { consumer, from, to, afterId, now } = range
  const types = range.types.filter((type) => consumersOf(type).includes(consumer))
  const { rows } = await db.execute<{ event_id: string }>(sql`
    insert into ${deliveries} as d (event_id, consumer, key, next_attempt_at)
    select e.id, ${consumer}, e.key, ${now.toISOString()}::timestamptz
    from ${events} e
    where e.created_at >= ${from.toISOString()}::timestamptz and e.created_at < ${to.toISOString()}::timestamptz
      and e.id > ${afterId}::bigint and e.type in (select jsonb_array_elements_text(${JSON.stringify(types)}::jsonb))
    order by e.id limit ${REPLAYED_AT_ONCE}
    on conflict (event_id, consumer) do update
      set status = 'pending', failures = 0, confirmed_at = null, next_attempt_at = excluded.next_attempt_at
    returning event_id`)
  const ids = rows.map((row) => Number(row.event_id))
  return { replayed: ids.length, lastId: ids.length < REPLAYED_AT_ONCE ? undefined : Math.max(...ids) }
}
