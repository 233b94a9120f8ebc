import type { Db } from '@shop/db/client'
import { webhookDeliveries, webhookEndpoints, webhookMessages } from '@shop/db/schema/notifications-webhooks'
import { type SQL, sql } from 'drizzle-orm'
import { ALL_EVENTS } from '../../webhook-endpoints/domain/endpoint.ts'
import type { WebhookMessage } from '../domain/message.ts'

const MESSAGE_COLUMNS = sql.raw('id, type, key, position, sequence, data, occurred_at')

/** Statement part: whether an endpoint, as `e`, wants messages of the type. */
export const wants = (type: SQL): SQL => sql`e.events ?| array[${ALL_EVENTS}::text, ${type}]`

/**
 * Writes messages down, and a delivery to each enabled endpoint that wants them, in one statement: all or nothing. What was
 * written before stays as it is, so of any number of callers with the same events one writes them.
 *
 * Messages that only disabled endpoints want are kept too, so that staff can send them once the endpoint is mended.
 */
export async function enqueueMessages(db: Db, messages: readonly WebhookMessage[], now: Date): Promise<void> {
  await db.execute(sql`
    with incoming as (${rowsOf(messages)}), wanted as (
      select m.*, e.id as endpoint_id, e.status from incoming m join ${webhookEndpoints} e on ${wants(sql`m.type`)}
    ), message as (
      insert into ${webhookMessages} (${MESSAGE_COLUMNS})
      select distinct on (id) ${MESSAGE_COLUMNS} from wanted
      on conflict (id) do nothing
    )
    insert into ${webhookDeliveries} (endpoint_id, message_id, key, position, created_at, queued_at, next_attempt_at)
    select endpoint_id, id, coalesce(key, id), position, ${at(now)}, ${at(now)}, ${at(now)}
    from wanted where status = 'enabled'
    on conflict (endpoint_id, message_id) do nothing`)
}

/**
 * Writes a message to one endpoint, if that is enabled.
 *
 * @param more a statement part, with a comma before it, that may use the CTE `delivery`
 * @returns whether it was written
 */
export async function enqueueOne(
  db: Db,
  { endpointId, message, now }: { endpointId: string; message: WebhookMessage; now: Date },
  more: SQL,
): Promise<boolean> {
  const { rows } = await db.execute(sql`
    with incoming as (${rowsOf([message])}), wanted as (
      select m.*, e.id as endpoint_id from incoming m
      join ${webhookEndpoints} e on e.id = ${endpointId} and e.status = 'enabled'
    ), message as (
      insert into ${webhookMessages} (${MESSAGE_COLUMNS}) select ${MESSAGE_COLUMNS} from wanted
    ), delivery as (
      insert into ${webhookDeliveries} (endpoint_id, message_id, key, position, created_at, queued_at, next_attempt_at)
      select endpoint_id, id, coalesce(key, id), position, ${at(now)}, ${at(now)}, ${at(now)} from wanted
      returning message_id as id
    )${more}
    select id from delivery`)
  return rows.length === 1
}

export const at = (instant: Date): SQL => sql`${instant.toISOString()}::timestamptz`

function rowsOf(messages: readonly WebhookMessage[]): SQL {
  const rows = messages.map(({ key = null, occurredAt, ...message }) => ({
    ...message,
    key,
    occurred_at: occurredAt.toISOString(),
  }))
  return sql`
    select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as m (id text, type text, key text, position bigint, sequence bigint, data jsonb, occurred_at timestamptz)`
}
