import { CONSUMERS } from '@shop/contracts/events/define'
import { DELIVERY_STATUSES } from '@shop/contracts/events/delivery'
import { sql } from 'drizzle-orm'
import { bigint, check, index, integer, jsonb, type PgSchema, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { instant } from '../schema/columns.ts'

/**
 * The events of one service (its outbox), each written in the same statement or batch as the change it announces, and a
 * row for each consumer that receives it.
 */
export const eventTables = (schema: PgSchema) => {
  const events = schema.table(
    'events',
    {
      id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
      type: text('type').notNull(),
      version: integer('version').notNull(),
      /** The subject of the event: events of one key are delivered in order. */
      key: text('key').notNull(),
      /** The version, after the change, of the entity that the key names. */
      sequence: bigint('sequence', { mode: 'number' }).notNull(),
      payload: jsonb('payload').notNull(),
      createdAt: instant('created_at').notNull(),
    },
    (table) => [
      uniqueIndex('events_change').on(table.key, table.type, table.sequence),
      index('events_age').on(table.createdAt, table.id),
    ],
  )
  const deliveries = schema.table(
    'event_deliveries',
    {
      eventId: bigint('event_id', { mode: 'number' })
        .notNull()
        .references(() => events.id, { onDelete: 'cascade' }),
      consumer: text('consumer', { enum: CONSUMERS }).notNull(),
      /** The event's key, repeated here for the order of deliveries. */
      key: text('key').notNull(),
      status: text('status', { enum: DELIVERY_STATUSES }).notNull().default('pending'),
      attempts: integer('attempts').notNull().default(0),
      /** Attempts that failed for another reason than an outage. */
      failures: integer('failures').notNull().default(0),
      lastFailure: text('last_failure'),
      nextAttemptAt: instant('next_attempt_at').notNull(),
      confirmedAt: instant('confirmed_at'),
    },
    (table) => [
      primaryKey({ columns: [table.eventId, table.consumer] }),
      index('event_deliveries_due')
        .on(table.consumer, table.nextAttemptAt, table.eventId)
        .where(sql`status = 'pending'`),
      index('event_deliveries_order').on(table.consumer, table.key, table.eventId).where(sql`status = 'pending'`),
      index('event_deliveries_open').on(table.status, table.eventId).where(sql`status in ('pending', 'parked')`),
      check('event_deliveries_status', sql`${table.status} in ('pending', 'done', 'skipped', 'parked')`),
      check(
        'event_deliveries_confirmed',
        sql`(${table.status} in ('done', 'skipped')) = (${table.confirmedAt} is not null)`,
      ),
    ],
  )
  return { events, deliveries }
}

export type EventTables = ReturnType<typeof eventTables>
