import type { WebhookDeliveryStatus } from '@shop/contracts/notifications/states'
import type { Db } from '@shop/db/client'
import { webhookDeliveries, webhookEndpoints, webhookMessages } from '@shop/db/schema/notifications-webhooks'
import type { Position } from '@shop/kernel/pagination'
import { addSeconds } from '@shop/kernel/time'
import { sql } from 'drizzle-orm'
import type { WebhookDelivery, WebhookDeliveryDetails } from '../domain/delivery.ts'
import { TEST_TYPE } from '../domain/message.ts'
import { at, wants } from './enqueue.ts'
import { type AttemptJson, MESSAGE_JSON, type MessageJson, toAttempt, toMessage } from './rows.ts'

/** The most deliveries that one call sends again. */
const RESENT_AT_ONCE = 1_000
const KEPT_DAYS = 30
const PRUNED_AT_ONCE = 1_000

type DeliveryRow = {
  message: MessageJson
  status: WebhookDeliveryStatus
  attempts: number
  created_at: string
  next_attempt_at: string
  delivered_at: string | null
  response_status: number | null
  response_body: string | null
  duration_ms: number | null
  failure: string | null
}

type ListQuery = { status?: WebhookDeliveryStatus | undefined; before: Position | undefined; limit: number }

/** Newest first, by keyset; by the index webhook_deliveries_list. */
export async function listDeliveries(db: Db, endpointId: string, query: ListQuery): Promise<WebhookDelivery[]> {
  const { status, before, limit } = query
  const asked = [
    sql`d.endpoint_id = ${endpointId}`,
    ...(status === undefined ? [] : [sql`d.status = ${status}`]),
    ...(before === undefined
      ? []
      : [sql`(d.created_at, d.message_id) < (${before.sortKey}::timestamptz, ${before.id})`]),
  ]
  const { rows } = await db.execute<DeliveryRow>(sql`
    select ${DELIVERY_COLUMNS} from ${DELIVERIES}
    where ${sql.join(asked, sql` and `)} order by d.created_at desc, d.message_id desc limit ${limit}`)
  return rows.map(toDelivery)
}

export async function findDelivery(
  db: Db,
  endpointId: string,
  messageId: string,
): Promise<WebhookDeliveryDetails | undefined> {
  const { rows } = await db.execute<DeliveryRow & { history: AttemptJson[] }>(sql`
    select ${DELIVERY_COLUMNS}, d.history from ${DELIVERIES}
    where d.endpoint_id = ${endpointId} and d.message_id = ${messageId}`)
  const [row] = rows
  return row && { ...toDelivery(row), history: row.history.map(toAttempt) }
}

const DELIVERIES = sql`${webhookDeliveries} d join ${webhookMessages} m on m.id = d.message_id`
const DELIVERY_COLUMNS = sql`
  ${MESSAGE_JSON} as message, d.status, d.attempts, d.created_at, d.next_attempt_at, d.delivered_at,
  d.response_status, d.response_body, d.duration_ms, d.failure`

function toDelivery(row: DeliveryRow): WebhookDelivery {
  return {
    message: toMessage(row.message),
    status: row.status,
    attempts: Number(row.attempts),
    nextAttemptAt: row.status === 'pending' ? new Date(row.next_attempt_at) : undefined,
    createdAt: new Date(row.created_at),
    deliveredAt: row.delivered_at === null ? undefined : new Date(row.delivered_at),
    response:
      row.response_status === null ? undefined : { status: Number(row.response_status), body: row.response_body ?? '' },
    durationMs: row.duration_ms === null ? undefined : Number(row.duration_ms),
    failure: row.failure ?? undefined,
  }
}

/** Makes a delivery due now, whatever came of it. False when there is none. */
export async function resendOne(db: Db, endpointId: string, messageId: string, now: Date): Promise<boolean> {
  const { rows } = await db.execute(sql`
    update ${webhookDeliveries}
    set status = 'pending', attempts = 0, queued_at = ${at(now)}, next_attempt_at = ${at(now)}, delivered_at = null
    where endpoint_id = ${endpointId} and message_id = ${messageId}
    returning message_id`)
  return rows.length === 1
}

export type ResendRange = { from: Date; to: Date; after: Position | undefined; now: Date }

/**
 * Sends again the messages whose events happened from `from` until before `to` and which the endpoint wants, oldest first, also
 * those that it never got. One statement; by the index webhook_messages_age.
 *
 * @returns how many, and the last one, if there may be more after it
 */
export async function resendRange(
  db: Db,
  endpointId: string,
  { from, to, after, now }: ResendRange,
): Promise<{ resent: number; last: Position | undefined }> {
  const later =
    after === undefined ? sql`true` : sql`(m.occurred_at, m.id) > (${after.sortKey}::timestamptz, ${after.id})`
  const { rows } = await db.execute<{ resent: number; id: string | null; occurred_at: string | null }>(sql`
    with picked as (
      select m.id, m.key, m.position, m.occurred_at
      from ${webhookMessages} m join ${webhookEndpoints} e on e.id = ${endpointId} and ${wants(sql`m.type`)}
      where m.occurred_at >= ${at(from)} and m.occurred_at < ${at(to)} and m.type <> ${TEST_TYPE} and ${later}
      order by m.occurred_at, m.id limit ${RESENT_AT_ONCE}
    ), queued as (
      insert into ${webhookDeliveries} (endpoint_id, message_id, key, position, created_at, queued_at, next_attempt_at)
      select ${endpointId}, id, coalesce(key, id), position, ${at(now)}, ${at(now)}, ${at(now)} from picked
      on conflict (endpoint_id, message_id) do update
        set status = 'pending', attempts = 0, queued_at = excluded.queued_at, next_attempt_at = excluded.next_attempt_at,
            delivered_at = null
      returning message_id
    )
    select (select count(*) from queued)::int as resent, last.id, last.occurred_at
    from (select 1) one left join (
      select id, occurred_at from picked order by occurred_at desc, id desc limit 1) last on true`)
  const { resent = 0, id = null, occurred_at = null } = rows[0] ?? {}
  const mayHaveMore = Number(resent) === RESENT_AT_ONCE && id !== null && occurred_at !== null
  return {
    resent: Number(resent),
    last: mayHaveMore ? { sortKey: new Date(occurred_at).toISOString(), id } : undefined,
  }
}

/**
 * Deletes messages of events that are 30 days old, with their deliveries, a thousand at most. One that is to be sent stays, unless
 * its endpoint has been disabled for as long.
 */
export async function pruneMessages(db: Db, now: Date): Promise<number> {
  const before = at(addSeconds(now, -KEPT_DAYS * 86_400))
  const { rows } = await db.execute(sql`
    delete from ${webhookMessages} where id in (
      select m.id from ${webhookMessages} m
      where m.occurred_at < ${before} and not exists (
        select from ${webhookDeliveries} d
        where d.message_id = m.id and d.status = 'pending' and d.queued_at >= ${before})
      order by m.occurred_at, m.id limit ${PRUNED_AT_ONCE})
    returning id`)
  return rows.length
}
