import { type Consumer, PULLING_CONSUMERS } from '@shop/contracts/events/define'
import { ENDLESSLY_RETRIED, PARKED_AFTER_FAILURES, type Receipt } from '@shop/contracts/events/delivery'
import { sql } from 'drizzle-orm'
import { askAll, type Db } from '../client.ts'
import { statement } from '../statement.ts'
import type { EventTables } from './tables.ts'

type SettleRequest = { consumer: Consumer; receipts: readonly Receipt[]; now: Date }
type SettleValues = { consumer: Consumer; receipts: string; now: string }

/** Settles deliveries in one round trip: see `EventLog.settle`. Its statements are compiled once. */
export function settlement(db: Db, tables: EventTables): (request: SettleRequest) => Promise<number> {
  const settle = settleStatement(tables)
  const advance = advanceStatement(tables)
  return async ({ consumer, receipts, now }) => {
    if (receipts.length === 0) return 0
    const rows = receipts.map((receipt) => ({
      event_id: receipt.eventId,
      outcome: receipt.outcome,
      failure: receipt.outcome === 'failed' ? receipt.failure : null,
      counts: receipt.outcome === 'failed' && !ENDLESSLY_RETRIED.some((code) => code === receipt.failure),
    }))
    const values = { consumer, receipts: JSON.stringify(rows), now: now.toISOString() }
    // Events for consumers that pull are due from the start.
    const isPulled = PULLING_CONSUMERS.includes(consumer)
    const [, advanced = []] = await askAll(db, [settle(values), ...(isPulled ? [] : [advance(values)])])
    return advanced.length
  }
}

const CONSUMER = sql`${sql.placeholder('consumer')}::text`
const NOW = sql`${sql.placeholder('now')}::timestamptz`
const RECEIPTS = sql`jsonb_to_recordset(${sql.placeholder('receipts')}::jsonb) as receipt(event_id bigint, outcome text, failure text, counts boolean)`

/** One statement for all receipts. An outage leaves the delivery pending; ten other failures park it. */
const settleStatement = ({ deliveries }: EventTables) =>
  statement<SettleValues>(
    () => sql`
      update ${deliveries} d
      set status = case when receipt.outcome <> 'failed' then receipt.outcome
                        when receipt.counts and d.failures + 1 >= ${sql.raw(String(PARKED_AFTER_FAILURES))} then 'parked' else 'pending' end,
          failures = d.failures + receipt.counts::int,
          last_failure = coalesce(receipt.failure, d.last_failure),
          confirmed_at = case when receipt.outcome <> 'failed' then ${NOW} end
      from ${RECEIPTS}
      where d.event_id = receipt.event_id and d.consumer = ${CONSUMER} and d.status = 'pending'`,
  )

/**
 * Makes the next event of each key due whose delivery has ended, if it was never tried: see `firstAttemptAfterSeconds`. A locked
 * one is left out, since another caller delivers it.
 *
 * A statement of its own, after the one that ends the deliveries: that one may have waited for the writer of the next event, which it
 * would not see. Index: event_deliveries_order.
 */
const advanceStatement = ({ deliveries }: EventTables) =>
  statement<SettleValues>(
    () => sql`
      with next as (
        select d.event_id from (
          select ended.key, max(ended.event_id) as event_id from ${deliveries} ended join ${RECEIPTS} on receipt.event_id = ended.event_id
          where ended.consumer = ${CONSUMER} and ended.status <> 'pending' group by ended.key) ended
        join ${deliveries} d on d.consumer = ${CONSUMER} and d.key = ended.key and d.event_id = (
          select waiting.event_id from ${deliveries} waiting
          where waiting.consumer = ${CONSUMER} and waiting.key = ended.key and waiting.status = 'pending'
          order by waiting.event_id limit 1)
        where d.event_id > ended.event_id and d.status = 'pending' and d.attempts = 0 and d.next_attempt_at > ${NOW}
        for update of d skip locked
      )
      update ${deliveries} d set next_attempt_at = ${NOW}
      from next where d.event_id = next.event_id and d.consumer = ${CONSUMER}
      returning d.event_id`,
  )
