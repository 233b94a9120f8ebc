import {
  WEBHOOK_DELIVERY_STATUSES,
  WEBHOOK_DISABLED_REASONS,
  WEBHOOK_ENDPOINT_STATUSES,
} from '@shop/contracts/notifications/states'
import { sql } from 'drizzle-orm'
import { bigint, check, index, integer, jsonb, primaryKey, text } from 'drizzle-orm/pg-core'
import { instant } from './columns.ts'
import { notificationsSchema } from './notifications.ts'

/** Systems outside the shop that get its events. */
export const webhookEndpoints = notificationsSchema.table(
  'webhook_endpoints',
  {
    id: text('id').primaryKey(),
    url: text('url').notNull(),
    /** Types of events, or `*` alone for all public ones. */
    events: jsonb('events').$type<string[]>().notNull(),
    description: text('description').notNull(),
    status: text('status', { enum: WEBHOOK_ENDPOINT_STATUSES }).notNull(),
    disabledReason: text('disabled_reason', { enum: WEBHOOK_DISABLED_REASONS }),
    /** The first failure since the last delivery that succeeded. */
    failingSince: instant('failing_since'),
    /** What signs, encrypted, and the id of the key that it was encrypted with. */
    sealedSecret: text('sealed_secret').notNull(),
    sealingKeyId: text('sealing_key_id').notNull(),
    /** The secret before the last rotation, which signs too until then. */
    formerSealedSecret: text('former_sealed_secret'),
    formerSealingKeyId: text('former_sealing_key_id'),
    formerSecretUntil: instant('former_secret_until'),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    version: integer('version').notNull(),
  },
  (table) => [
    check('webhook_endpoints_status', sql`${table.status} in ('enabled', 'disabled')`),
    check('webhook_endpoints_disabled', sql`(${table.status} = 'disabled') = (${table.disabledReason} is not null)`),
    check('webhook_endpoints_reason', sql`${table.disabledReason} in ('by_staff', 'failing')`),
    check('webhook_endpoints_events', sql`jsonb_typeof(${table.events}) = 'array' and ${table.events} <> '[]'`),
    check(
      'webhook_endpoints_former',
      sql`num_nulls(${table.formerSealedSecret}, ${table.formerSealingKeyId}, ${table.formerSecretUntil}) in (0, 3)`,
    ),
  ],
)

/** Events that an endpoint wants, as they are sent: once, however many endpoints get them. */
export const webhookMessages = notificationsSchema.table(
  'webhook_messages',
  {
    /** Follows from the event, so that an event that is pulled twice is one message. */
    id: text('id').primaryKey(),
    type: text('type').notNull(),
    /** The event's key; null for a test. */
    key: text('key'),
    /** Orders the messages of a key: the event's id in its service. */
    position: bigint('position', { mode: 'number' }).notNull(),
    sequence: bigint('sequence', { mode: 'number' }).notNull(),
    data: jsonb('data').$type<Record<string, unknown>>().notNull(),
    occurredAt: instant('occurred_at').notNull(),
  },
  (table) => [index('webhook_messages_age').on(table.occurredAt, table.id)],
)

/** A message to one endpoint: what is still to be sent, and what came of it. */
export const webhookDeliveries = notificationsSchema.table(
  'webhook_deliveries',
  {
    endpointId: text('endpoint_id')
      .notNull()
      .references(() => webhookEndpoints.id, { onDelete: 'cascade' }),
    messageId: text('message_id')
      .notNull()
      .references(() => webhookMessages.id, { onDelete: 'cascade' }),
    /** The message's key, or its id where it has none; repeated here, with its position, for the order of deliveries. */
    key: text('key').notNull(),
    position: bigint('position', { mode: 'number' }).notNull(),
    status: text('status', { enum: WEBHOOK_DELIVERY_STATUSES }).notNull().default('pending'),
    attempts: integer('attempts').notNull().default(0),
    createdAt: instant('created_at').notNull(),
    /** When it was to be sent, or sent again, by event or by staff: the three days begin here. */
    queuedAt: instant('queued_at').notNull(),
    nextAttemptAt: instant('next_attempt_at').notNull(),
    deliveredAt: instant('delivered_at'),
    /** Of the last attempt: how it was answered, how long that took, and why it failed, as a code. */
    responseStatus: integer('response_status'),
    responseBody: text('response_body'),
    durationMs: integer('duration_ms'),
    failure: text('failure'),
    /** The newest attempts, oldest first, each with what was asked and answered. */
    history: jsonb('history').$type<unknown[]>().notNull().default([]),
  },
  (table) => [
    primaryKey({ columns: [table.endpointId, table.messageId] }),
    index('webhook_deliveries_message').on(table.messageId),
    index('webhook_deliveries_list').on(table.endpointId, table.createdAt, table.messageId),
    index('webhook_deliveries_open').on(table.endpointId, table.position).where(sql`status = 'pending'`),
    index('webhook_deliveries_order').on(table.endpointId, table.key, table.position).where(sql`status = 'pending'`),
    index('webhook_deliveries_due').on(table.nextAttemptAt, table.endpointId).where(sql`status = 'pending'`),
    check('webhook_deliveries_status', sql`${table.status} in ('pending', 'delivered', 'failed')`),
    check('webhook_deliveries_history', sql`jsonb_array_length(${table.history}) <= 20`),
    check('webhook_deliveries_delivered', sql`(${table.status} = 'delivered') = (${table.deliveredAt} is not null)`),
  ],
)
