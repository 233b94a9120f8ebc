import type { ShopEvent } from '@shop/contracts/events/catalogue'
import type { Consumer } from '@shop/contracts/events/define'
import type { EventLog } from '@shop/contracts/events/log'
import { sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import { listEvents } from './list.ts'
import { consumerLag, pruneEvents } from './maintain.ts'
import { replayEvents, retryDelivery, skipDelivery } from './replay.ts'
import { EVENT_COLUMNS, type EventRow, toEvent } from './row.ts'
import { settlement } from './settle.ts'
import type { EventTables } from './tables.ts'

const FIRST_RETRY_SECONDS = 5
const LONGEST_RETRY_SECONDS = 60

/** The events of one service, over its own connection. */
export function eventLog(db: Db, tables: EventTables): EventLog {
  return {
    pull: (request) => pullEvents(db, tables, request),
    settle: settlement(db, tables),
    list: (query) => listEvents(db, tables, query),
    retry: (request) => retryDelivery(db, tables, request),
    skip: (request) => skipDelivery(db, tables, request),
    replay: (request) => replayEvents(db, tables, request),
    lag: (now) => consumerLag(db, tables, now),
    prune: (now) => pruneEvents(db, tables, now),
  }
}

/**
 * Returns due events and postpones their next attempt (doubling from 5 s, at most a minute). So two concurrent callers
 * get different events, and an event whose caller died is returned again.
 *
 * Only the oldest undelivered event of a key is due: served by the indexes event_deliveries_due and
 * event_deliveries_order. A scalar subquery finds it, since Postgres may turn NOT EXISTS into a join that reads every
 * pending row for each due one: so it did for 100,000 rows that had no statistics yet.
 */
async function pullEvents(
  db: Db,
  { events, deliveries }: EventTables,
  { consumer, limit, now }: { consumer: Consumer; limit: number; now: Date },
): Promise<ShopEvent[]> {
  const instant = sql`${now.toISOString()}::timestamptz`
  const { rows } = await db.execute<EventRow>(sql`
    with due as (
      select d.event_id from ${deliveries} d
      where d.consumer = ${consumer} and d.status = 'pending' and d.next_attempt_at <= ${instant}
        and d.event_id = (
          select earlier.event_id from ${deliveries} earlier
          where earlier.consumer = ${consumer} and earlier.key = d.key and earlier.status = 'pending'
          order by earlier.event_id limit 1)
      order by d.next_attempt_at, d.event_id limit ${limit}
      for update skip locked
    )
    update ${deliveries} d
    set attempts = d.attempts + 1,
        next_attempt_at = ${instant}
          + least(${LONGEST_RETRY_SECONDS}::int, ${FIRST_RETRY_SECONDS}::int * 2 ^ least(d.attempts, 10)) * interval '1 second'
    from due join ${events} e on e.id = due.event_id
    where d.event_id = due.event_id and d.consumer = ${consumer}
    returning ${EVENT_COLUMNS}`)
  return rows.map(toEvent).sort((one, other) => one.id - other.id)
}
