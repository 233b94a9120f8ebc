import { sql } from 'drizzle-orm'
import { bigint, index, integer, jsonb, type PgSchema, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { instant } from './columns.ts'

/**
 * Events of one service, each written in the same statement or batch as the change it announces. A row is done when
 * its consumer has confirmed it; until then it is sent again, later each time.
 */
export const outboxTable = (schema: PgSchema) =>
  schema.table(
    'outbox',
    {
      id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
      kind: text('kind').notNull(),
      /** Names the event among those of its kind: writing it twice is writing it once. */
      key: text('key').notNull(),
      payload: jsonb('payload').notNull(),
      createdAt: instant('created_at').notNull(),
      attempts: integer('attempts').notNull().default(0),
      nextAttemptAt: instant('next_attempt_at').notNull(),
      confirmedAt: instant('confirmed_at'),
    },
    (table) => [
      uniqueIndex('outbox_kind_key').on(table.kind, table.key),
      index('outbox_confirmed').on(table.confirmedAt).where(sql`confirmed_at is not null`),
      index('outbox_due').on(table.nextAttemptAt, table.id).where(sql`confirmed_at is null`),
    ],
  )
