import type { Delivery, EventQuery, ListedEvent } from '@shop/contracts/events/log'
import { sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { EVENT_COLUMNS, type EventRow, toEvent } from './row.ts'
import type { EventTables } from './tables.ts'

type DeliveryJson = {
  consumer: Delivery['consumer']
  status: Delivery['status']
  attempts: number
  next_attempt_at: string
  confirmed_at: string | null
  last_failure: string | null
}

/** Newest first, by keyset over the primary key. Filters on deliveries select events that have a matching delivery. */
export async function listEvents(
  db: Db,
  { events, deliveries }: EventTables,
  { type, key, consumer, status, after, limit }: EventQuery,
): Promise<ListedEvent[]> {
  const asked = [
    ...(type === undefined ? [] : [sql`e.type = ${type}`]),
    ...(key === undefined ? [] : [sql`e.key = ${key}`]),
    ...(after === undefined ? [] : [sql`e.id < ${after.id}::bigint`]),
    ...(consumer === undefined && status === undefined
      ? []
      : [
          sql`exists (select from ${deliveries} d where d.event_id = e.id
            and (${consumer ?? null}::text is null or d.consumer = ${consumer ?? null})
            and (${status ?? null}::text is null or d.status = ${status ?? null}))`,
        ]),
  ]
  const where = asked.length === 0 ? sql.empty() : sql`where ${sql.join(asked, sql` and `)}`
  const { rows } = await db.execute<EventRow & { deliveries: DeliveryJson[] }>(sql`
    select ${EVENT_COLUMNS}, coalesce((
      select jsonb_agg(to_jsonb(d) order by d.consumer) from ${deliveries} d where d.event_id = e.id), '[]') as deliveries
    from ${events} e ${where} order by e.id desc limit ${limit}`)
  return rows.map((row) => ({ ...toEvent(row), deliveries: row.deliveries.map(toDelivery) }))
}

function toDelivery(json: DeliveryJson): Delivery {
  return {
    consumer: json.consumer,
    status: json.status,
    attempts: json.attempts,
    nextAttemptAt: new Date(json.next_attempt_at),
    confirmedAt: json.confirmed_at === null ? undefined : new Date(json.confirmed_at),
    lastFailure: json.last_failure ?? undefined,
  }
}
