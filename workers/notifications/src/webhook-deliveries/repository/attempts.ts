import type { Db } from '@shop/db/client'
import { eventCtes } from '@shop/db/events/write'
import { notificationsEvents } from '@shop/db/schema/notifications'
import { webhookDeliveries, webhookEndpoints, webhookMessages } from '@shop/db/schema/notifications-webhooks'
import { addSeconds } from '@shop/kernel/time'
import { sql } from 'drizzle-orm'
import { type DueDelivery, MOST_PAST_ATTEMPTS, type PastAttempt } from '../domain/delivery.ts'
import { GIVEN_UP_AFTER_SECONDS, ORDER_WAIT_SECONDS } from '../domain/retry.ts'
import { at } from './enqueue.ts'
import { MESSAGE_JSON, type MessageJson, toAttemptJson, toMessage } from './rows.ts'

/** What became of a delivery. `nextAttemptAt` is absent once it has ended. */
export type AttemptResult = {
  endpointId: string
  messageId: string
  /** As it was read: a delivery that staff have sent again since is not settled by an attempt from before. */
  queuedAt: Date
  outcome: 'delivered' | 'failed'
  nextAttemptAt: Date | undefined
  attempt: PastAttempt
}

/**
 * The deliveries to an endpoint that are due, oldest events first. A message waits while an earlier one of its key is to be
 * tried again later, but not longer than {@link ORDER_WAIT_SECONDS}.
 *
 * Served by the indexes webhook_deliveries_open and webhook_deliveries_order. A scalar subquery finds the earlier one, since
 * Postgres may turn NOT EXISTS into a join that reads every pending row for each due one.
 */
export async function listDue(
  db: Db,
  endpointId: string,
  { now, limit }: { now: Date; limit: number },
): Promise<DueDelivery[]> {
  const { rows } = await db.execute<{ message: MessageJson; attempts: number; queued_at: string }>(sql`
    select ${MESSAGE_JSON} as message, d.attempts, d.queued_at
    from ${webhookDeliveries} d join ${webhookMessages} m on m.id = d.message_id
    where d.endpoint_id = ${endpointId} and d.status = 'pending' and d.next_attempt_at <= ${at(now)}
      and (d.queued_at <= ${at(addSeconds(now, -ORDER_WAIT_SECONDS))} or (
        select earlier.message_id from ${webhookDeliveries} earlier
        where earlier.endpoint_id = d.endpoint_id and earlier.key = d.key and earlier.status = 'pending'
          and earlier.position < d.position and earlier.next_attempt_at > ${at(now)}
        limit 1) is null)
    order by d.position, d.message_id limit ${limit}`)
  return rows.map((row) => ({
    message: toMessage(row.message),
    attempts: Number(row.attempts),
    queuedAt: new Date(row.queued_at),
  }))
}

/**
 * Records an attempt, and with it how the endpoint does: a delivery that succeeds ends its failing; one that fails three days
 * after the first failure, with none that succeeded in between, disables it and writes the event that has a mail. One statement.
 */
export async function settleAttempt(db: Db, settled: AttemptResult, now: Date): Promise<void> {
  const { outcome, nextAttemptAt, attempt } = settled
  const { response, durationMs, failure } = attempt
  const isDelivered = outcome === 'delivered'
  const status = isDelivered ? 'delivered' : nextAttemptAt === undefined ? 'failed' : 'pending'
  const sinceBefore = sql`e.failing_since <= ${at(addSeconds(now, -GIVEN_UP_AFTER_SECONDS))}`
  await db.execute(sql`
    with settled as (
      update ${webhookDeliveries} set
        status = ${status}, attempts = attempts + 1,
        next_attempt_at = ${at(nextAttemptAt ?? now)},
        delivered_at = ${isDelivered ? at(now) : null}::timestamptz,
        response_status = ${response?.status ?? null}::int, response_body = ${response?.body ?? null},
        duration_ms = ${durationMs}::int, failure = ${failure ?? null},
        history = case when jsonb_array_length(history) < ${MOST_PAST_ATTEMPTS} then history else history - 0 end
          || ${JSON.stringify(toAttemptJson(attempt))}::jsonb
      where endpoint_id = ${settled.endpointId} and message_id = ${settled.messageId} and status = 'pending'
        and queued_at = ${at(settled.queuedAt)}
      returning endpoint_id
    ), healed as (
      update ${webhookEndpoints} e set failing_since = null from settled
      where e.id = settled.endpoint_id and ${isDelivered} and e.failing_since is not null
    ), failing as (
      update ${webhookEndpoints} e set failing_since = ${at(now)} from settled
      where e.id = settled.endpoint_id and not ${isDelivered} and e.failing_since is null
    ), disabled as (
      update ${webhookEndpoints} e
      set status = 'disabled', disabled_reason = 'failing', updated_at = ${at(now)}, version = e.version + 1
      from settled
      where e.id = settled.endpoint_id and not ${isDelivered} and e.status = 'enabled' and ${sinceBefore}
      returning e.id, e.version
    ), ${eventCtes(notificationsEvents, {
      name: 'told',
      types: ['webhook_endpoint.disabled'],
      rows: sql`
        select 'webhook_endpoint.disabled' as type, id as key, version as sequence,
               jsonb_build_object('endpointId', id) as payload, ${at(now)} as created_at
        from disabled`,
    })}
    select id from told`)
}

/** Puts an attempt off that was not made. */
export async function postponeAttempt(
  db: Db,
  { endpointId, messageId, failure }: { endpointId: string; messageId: string; failure: string },
  until: Date,
): Promise<void> {
  await db.execute(sql`
    update ${webhookDeliveries} set next_attempt_at = ${at(until)}, failure = ${failure}
    where endpoint_id = ${endpointId} and message_id = ${messageId} and status = 'pending'`)
}

/** The enabled endpoints with a delivery that is due; by the index webhook_deliveries_due. */
export async function listDueEndpoints(db: Db, now: Date): Promise<string[]> {
  const { rows } = await db.execute<{ id: string }>(sql`
    select e.id from ${webhookEndpoints} e
    where e.status = 'enabled' and e.id in (
      select d.endpoint_id from ${webhookDeliveries} d where d.status = 'pending' and d.next_attempt_at <= ${at(now)})`)
  return rows.map(({ id }) => id)
}
