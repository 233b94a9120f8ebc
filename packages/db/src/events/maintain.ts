import type { Consumer } from '@shop/contracts/events/define'
import type { ConsumerLag } from '@shop/contracts/events/log'
import { sql } from 'drizzle-orm'
import type { Db } from '../client.ts'
import type { EventTables } from './tables.ts'

/**
 * The backlog of each consumer with an open delivery; served by the partial indexes over pending and parked deliveries.
 */
export async function consumerLag(db: Db, { events, deliveries }: EventTables, now: Date): Promise<ConsumerLag[]> {
  const { rows } = await db.execute<{ consumer: Consumer; pending: string; parked: string; oldest: string | null }>(sql`
    select d.consumer, count(*) filter (where d.status = 'pending') as pending,
           count(*) filter (where d.status = 'parked') as parked,
           min(e.created_at) filter (where d.status = 'pending') as oldest
    from ${deliveries} d join ${events} e on e.id = d.event_id
    where d.status in ('pending', 'parked')
    group by d.consumer order by d.consumer`)
  return rows.map(({ consumer, pending, parked, oldest }) => ({
    consumer,
    pending: Number(pending),
    parked: Number(parked),
    lagSeconds: oldest === null ? 0 : Math.max(0, Math.round((now.getTime() - Date.parse(oldest)) / 1_000)),
  }))
}

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
