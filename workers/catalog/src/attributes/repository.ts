import type { AttributeKeyTaken } from '@shop/contracts/catalog/failures'
import type { Db } from '@shop/db/client'
import { isUniqueViolation } from '@shop/db/errors'
import { eventCtes } from '@shop/db/events/write'
import { withFreshKey } from '@shop/db/idempotency-keys'
import { catalogEvents } from '@shop/db/schema/catalog'
import { attributes } from '@shop/db/schema/catalog-groups'
import type { KeyKnown } from '@shop/kernel/create-once'
import type { IdempotencyKey } from '@shop/kernel/idempotency'
import { fail, ok, type Result } from '@shop/kernel/result'
import { and, asc, eq, gt, type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import { DISPATCH_AFTER_SECONDS } from '../events/domain/dispatch.ts'
import { attributeKey } from '../events/repository.ts'
import { keyedBy } from '../idempotency/repository.ts'
import type { Attribute, AttributeFields } from './domain/attribute.ts'

export type NewAttribute = Omit<Attribute, 'id' | 'updatedAt' | 'version'>
/** The version from which a change was decided, and when. */
export type AttributeChange = { decidedFrom: Pick<Attribute, 'id' | 'version'>; updatedAt: Date }

/** The declarations of some keys, as a query. */
export const declaredAttributes = (db: Db, keys: readonly string[]) =>
  db
    .select()
    .from(attributes)
    .where(sql`${attributes.key} = any (${sql.param(keys)}::text[])`)

export type AttributeRepository = ReturnType<typeof attributeRepository>

/** Declared attributes; each call is one round trip, and each write also writes the event of the change. */
export const attributeRepository = (db: Db) => ({
  async find(id: number): Promise<Attribute | undefined> {
    const [attribute] = await db.select().from(attributes).where(eq(attributes.id, id))
    return attribute
  },

  /** The declarations of some keys; the others are not declared. */
  async declared(keys: readonly string[]): Promise<Attribute[]> {
    return keys.length === 0 ? [] : declaredAttributes(db, keys)
  },

  /** By key, by keyset over it. */
  async list({ after, limit }: { after: string | undefined; limit: number }): Promise<Attribute[]> {
    const where = after === undefined ? undefined : gt(attributes.key, after)
    return db.select().from(attributes).where(where).orderBy(asc(attributes.key)).limit(limit)
  },

  async insert(
    attribute: NewAttribute,
    requestKey?: IdempotencyKey,
  ): Promise<Result<{ attribute: Attribute; eventId: number }, AttributeKeyTaken | KeyKnown>> {
    const { key, createdAt } = attribute
    const row = db.insert(attributes).values({ ...attribute, updatedAt: createdAt })
    const keyed = keyedBy(requestKey, sql`attribute`, createdAt)
    return withFreshKey(async () => {
      try {
        const { rows } = await db.execute<EventRow>(written('attribute.created', row.returning(), createdAt, keyed))
        const [saved] = rows
        if (saved === undefined) throw new Error('An insert returned no row')
        const declared = { ...attribute, id: Number(saved.id), updatedAt: createdAt, version: 1 }
        return ok({ attribute: declared, eventId: Number(saved.event_id) })
      } catch (error) {
        if (isUniqueViolation(error, 'attributes_key')) return fail({ code: 'attribute_key_taken', key })
        throw error
      }
    })
  },

  /** @returns the event; undefined when it is gone or another writer won */
  async update(change: AttributeChange, fields: AttributeFields): Promise<{ eventId: number } | undefined> {
    const { updatedAt } = change
    const version = sql`${attributes.version} + 1`
    const row = db
      .update(attributes)
      .set({ ...fields, updatedAt, version })
      .where(isUnchanged(change))
      .returning()
    const { rows } = await db.execute<EventRow>(written('attribute.updated', row, updatedAt))
    return eventOf(rows)
  },

  /** Products keep their values. @returns the event; undefined when it is gone or another writer won */
  async delete(change: AttributeChange): Promise<{ eventId: number } | undefined> {
    const row = db.delete(attributes).where(isUnchanged(change)).returning()
    const { rows } = await db.execute<EventRow>(written('attribute.deleted', row, change.updatedAt))
    return eventOf(rows)
  },
})

type EventRow = { id: string; event_id: string }

const eventOf = ([row]: EventRow[]) => row && { eventId: Number(row.event_id) }

const isUnchanged = ({ decidedFrom: { id, version } }: AttributeChange) =>
  and(eq(attributes.id, id), eq(attributes.version, version))

function written(
  type: 'attribute.created' | 'attribute.updated' | 'attribute.deleted',
  row: SQLWrapper,
  at: Date,
  keyed: SQL = sql.empty(),
): SQL {
  // A deletion is one more version than the row had.
  const sequence = type === 'attribute.deleted' ? sql`attribute.version + 1` : sql`attribute.version`
  const event = eventCtes(catalogEvents, {
    name: 'event',
    types: [type],
    rows: sql`
      select ${type}::text as type, ${attributeKey(sql`attribute.id`)} as key, (${sequence})::bigint as sequence,
             jsonb_build_object('attributeId', attribute.id) as payload, ${at.toISOString()}::timestamptz as created_at
      from attribute`,
    firstAttemptAfterSeconds: DISPATCH_AFTER_SECONDS,
  })
  return sql`with attribute as ${row}, ${event}${keyed} select attribute.id, event.id as event_id from attribute, event`
}
