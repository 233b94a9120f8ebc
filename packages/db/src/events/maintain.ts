import type { Consumer } from '@shop/contracts/events/define'
import type { ConsumerLag } from '@shop/contracts/events/log'
import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import type { EventTables } from './tables.ts'

/** The most deliveries of a status that are counted: a readiness check must not take longer the longer the backlog is. */
const MOST_COUNTED = 1_000

/** The backlog of each consumer with an open delivery, by the oldest events; served by the index event_deliveries_open. */
export async function consumerLag(db: Db, tables: EventTables, now: Date): Promise<ConsumerLag[]> {
  const { rows } = await db.execute<{ consumer: Consumer; pending: string; parked: string; oldest: string | null }>(sql`
    select consumer, count(*) filter (where status = 'pending') as pending,
           count(*) filter (where status = 'parked') as parked,
           min(created_at) filter (where status = 'pending') as oldest
    from (${oldestOf(tables, sql`'pending'`)} union all ${oldestOf(tables, sql`'parked'`)}) open
    group by consumer order by consumer`)
  return rows.map(({ consumer, pending, parked, oldest }) => ({
    consumer,
    pending: Number(pending),
    parked: Number(parked),
    lagSeconds: oldest === null ? 0 : Math.max(0, Math.round((now.getTime() - Date.parse(oldest)) / 1_000)),
  }))
}

/**
 * The oldest deliveries in a status. A scalar subquery finds when their events were written, since Postgres makes of a join
 * one that reads every event.
 *
 * @param status a literal, since the index is partial
 */
const oldestOf = ({ events, deliveries }: EventTables, status: SQL): SQL => sql`(
  select d.consumer, d.status, (select e.created_at from ${events} e where e.id = d.event_id) as created_at
  from ${deliveries} d where d.status in ('pending', 'parked') and d.status = ${status}
  order by d.event_id limit ${sql.raw(String(MOST_COUNTED))})`

const KEEP_DAYS = 30
/** The most events that one sweep deletes, so that it ends in time even after a long pause. */
const PRUNE_BATCH = 1_000

/** Deletes events 30 days after they were written and last confirmed, oldest first; served by the index events_age. */
export async function pruneEvents(db: Db, { events, deliveries }: EventTables, now: Date): Promise<number> {
  const before = sql`${new Date(now.getTime() - KEEP_DAYS * 24 * 3_600_000).toISOString()}::timestamptz`
  const { rows } = await db.execute(sql`
    delete from ${events} where id in (
      select e.id from ${events} e
      where e.created_at < ${before} and not exists (
        select from ${deliveries} d
        where d.event_id = e.id and (d.confirmed_at is null or d.confirmed_at >= ${before}))
      order by e.created_at, e.id limit ${PRUNE_BATCH})
    returning id`)
  return rows.length
}
