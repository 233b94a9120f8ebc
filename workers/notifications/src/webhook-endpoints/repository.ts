import type { TooManyWebhookEndpoints } from '@shop/contracts/notifications/failures'
import type { Db } from '@shop/db/client'
import { withFreshKey } from '@shop/db/idempotency-keys'
import { webhookEndpoints } from '@shop/db/schema/notifications-webhooks'
import type { KeyKnown } from '@shop/kernel/create-once'
import type { IdempotencyKey } from '@shop/kernel/idempotency'
import { isId, type WebhookEndpointId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { Sealed } from '@shop/kernel/sealer'
import { and, asc, eq, getTableColumns, gt, inArray, type SQL, sql } from 'drizzle-orm'
import { keyedBy } from '../idempotency/repository.ts'
import { type EventFilter, MOST_ENDPOINTS, type WebhookEndpoint } from './domain/endpoint.ts'

export type WebhookEndpointRepository = ReturnType<typeof webhookEndpointRepository>

/** Webhook endpoints; each call is one round trip. */
export const webhookEndpointRepository = (db: Db) => ({
  async find(id: string): Promise<WebhookEndpoint | undefined> {
    if (!isId('webhookEndpoint', id)) return undefined
    const [row] = await db.select().from(webhookEndpoints).where(eq(webhookEndpoints.id, id))
    return row && toEndpoint(row)
  },

  async findEach(ids: readonly string[]): Promise<WebhookEndpoint[]> {
    if (ids.length === 0) return []
    const rows = await db
      .select()
      .from(webhookEndpoints)
      .where(inArray(webhookEndpoints.id, [...ids]))
    return rows.map(toEndpoint)
  },

  /** By id, so in the order in which they were made; by keyset over the primary key. */
  async list({ after, limit }: { after: string | undefined; limit: number }): Promise<WebhookEndpoint[]> {
    const where = after === undefined ? undefined : gt(webhookEndpoints.id, after)
    const rows = await db.select().from(webhookEndpoints).where(where).orderBy(asc(webhookEndpoints.id)).limit(limit)
    return rows.map(toEndpoint)
  },

  /** Saves a new endpoint, unless there are {@link MOST_ENDPOINTS}. */
  async insert(
    endpoint: WebhookEndpoint,
    key?: IdempotencyKey,
  ): Promise<Result<WebhookEndpoint, TooManyWebhookEndpoints | KeyKnown>> {
    const keyed = keyedBy(key, sql`created`, endpoint.createdAt)
    const insert = sql`with created as (${insertIfRoom(endpoint)})${keyed} select id from created`
    return withFreshKey<WebhookEndpoint, TooManyWebhookEndpoints>(async () => {
      const [, { rows }] = await db.batch([db.execute(LOCK_ENDPOINTS), db.execute(insert)])
      return rows.length === 1 ? ok(endpoint) : fail({ code: 'too_many_webhook_endpoints', maximum: MOST_ENDPOINTS })
    })
  },

  /** @returns false when it is gone, or another writer won since the version before */
  async save(endpoint: WebhookEndpoint): Promise<boolean> {
    return (await update(db, endpoint)).length === 1
  },

  /** Like `save`, and stores the key of the request with it. */
  async saveOnce(endpoint: WebhookEndpoint, key: IdempotencyKey | undefined): Promise<Result<boolean, KeyKnown>> {
    const keyed = keyedBy(key, sql`saved`, endpoint.updatedAt)
    return withFreshKey(async () => {
      const { rows } = await db.execute(sql`with saved as ${update(db, endpoint)}${keyed} select id from saved`)
      return ok(rows.length === 1)
    })
  },

  /** Replaces a secret by the same one, encrypted anew, unless it was rotated since it was read. */
  async reseal(id: WebhookEndpointId, from: Sealed, to: Sealed): Promise<void> {
    await db
      .update(webhookEndpoints)
      .set({ sealedSecret: to.text, sealingKeyId: to.keyId })
      .where(and(eq(webhookEndpoints.id, id), eq(webhookEndpoints.sealedSecret, from.text)))
  },

  /** Deletes its deliveries, too. @returns false when it is gone, or another writer won since it was read */
  async delete(decidedFrom: Pick<WebhookEndpoint, 'id' | 'version'>): Promise<boolean> {
    const deleted = await db
      .delete(webhookEndpoints)
      .where(isUnchanged(decidedFrom))
      .returning({ id: webhookEndpoints.id })
    return deleted.length === 1
  },
})

/** Waits for other new endpoints until the transaction ends, so that the next statement counts them. */
const LOCK_ENDPOINTS = sql`select pg_advisory_xact_lock(${'notifications.webhook_endpoints'}::regclass::oid::bigint)`

function insertIfRoom(endpoint: WebhookEndpoint): SQL {
  const row = toRow(endpoint)
  const columns = Object.entries(getTableColumns(webhookEndpoints))
  // Postgres does not take the types of a select list from the columns that it is inserted into.
  const values = columns.map(
    ([name, column]) => sql`${sql.param(row[name as keyof Row], column)}::${sql.raw(column.getSQLType())}`,
  )
  return sql`
    insert into ${webhookEndpoints} (${sql.join(
      columns.map(([, { name }]) => sql.identifier(name)),
      sql`, `,
    )})
    select ${sql.join(values, sql`, `)}
    where (select count(*) from ${webhookEndpoints}) < ${MOST_ENDPOINTS}
    returning id`
}

/**
 * The WHERE clause is the lock: it matches the version that the change was decided from. `failing_since` follows the deliveries,
 * which do not raise the version, so it is only cleared, and only as `changed` does.
 */
function update(db: Db, endpoint: WebhookEndpoint) {
  const { createdAt: _, ...fields } = toRow(endpoint)
  const { url, status, failingSince } = webhookEndpoints
  const isSame = sql`${url} = ${endpoint.url} and ${status} = ${endpoint.status}`
  return db
    .update(webhookEndpoints)
    .set({ ...fields, failingSince: sql`case when ${isSame} then ${failingSince} end` })
    .where(isUnchanged({ id: endpoint.id, version: endpoint.version - 1 }))
    .returning({ id: webhookEndpoints.id })
}

const isUnchanged = ({ id, version }: Pick<WebhookEndpoint, 'id' | 'version'>) =>
  and(eq(webhookEndpoints.id, id), eq(webhookEndpoints.version, version))

type Row = typeof webhookEndpoints.$inferSelect

function toRow({ secret, formerSecret, events, disabledReason, failingSince, ...endpoint }: WebhookEndpoint): Row {
  return {
    ...endpoint,
    events: [...events],
    disabledReason: disabledReason ?? null,
    failingSince: failingSince ?? null,
    sealedSecret: secret.text,
    sealingKeyId: secret.keyId,
    formerSealedSecret: formerSecret?.sealed.text ?? null,
    formerSealingKeyId: formerSecret?.sealed.keyId ?? null,
    formerSecretUntil: formerSecret?.until ?? null,
  }
}

function toEndpoint(row: Row): WebhookEndpoint {
  const { sealedSecret, sealingKeyId, formerSealedSecret, formerSealingKeyId, formerSecretUntil, ...fields } = row
  const former = formerSealedSecret !== null && formerSealingKeyId !== null && formerSecretUntil !== null
  return {
    ...fields,
    // Only ids and filters of these types are ever written.
    id: row.id as WebhookEndpointId,
    events: row.events as EventFilter[],
    disabledReason: row.disabledReason ?? undefined,
    failingSince: row.failingSince ?? undefined,
    secret: { text: sealedSecret, keyId: sealingKeyId },
    formerSecret: former
      ? { sealed: { text: formerSealedSecret, keyId: formerSealingKeyId }, until: formerSecretUntil }
      : undefined,
  }
}
