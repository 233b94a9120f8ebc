import {
  MAIL_STATUSES,
  MAIL_TEMPLATES,
  SUPPRESSION_REASONS,
  TEMPLATE_STATUSES,
} from '@shop/contracts/notifications/states'
import { sql } from 'drizzle-orm'
import { bigint, check, index, integer, jsonb, pgSchema, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { eventTables } from '../events/tables.ts'
import { idempotencyKeysTable } from '../idempotency-keys.ts'
import { instant } from './columns.ts'

export const notificationsSchema = pgSchema('notifications')

/**
 * Mails, each once: the row is written before the mail is sent. It has nothing personal: the address is read from its service
 * when the mail is sent, and kept as a keyed hash.
 */
export const mails = notificationsSchema.table(
  'mails',
  {
    id: text('id').primaryKey(),
    /** The service whose event it tells. */
    source: text('source').notNull(),
    /** The event that it was made for first. */
    eventId: bigint('event_id', { mode: 'number' }).notNull(),
    /** What it tells, once: the id of the event, or of the order where several events tell the same. */
    occasion: text('occasion').notNull(),
    template: text('template', { enum: MAIL_TEMPLATES }).notNull(),
    /** `customer`, or the account of staff. */
    recipient: text('recipient').notNull(),
    addressHash: text('address_hash').notNull(),
    status: text('status', { enum: MAIL_STATUSES }).notNull(),
    /** Until then one sender has it; another may take over after that. */
    leaseUntil: instant('lease_until').notNull(),
    attempts: integer('attempts').notNull().default(1),
    /** The provider's id of a mail that was sent. */
    providerId: text('provider_id'),
    /** Why the last attempt failed, as a code. */
    failure: text('failure'),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (table) => [
    uniqueIndex('mails_once').on(table.source, table.occasion, table.template, table.recipient),
    index('mails_age').on(table.createdAt),
    index('mails_of_address').on(table.addressHash, table.createdAt, table.id),
    check('mails_status', sql`${table.status} in ('queued', 'sent', 'suppressed', 'failed')`),
  ],
)

/** Addresses that get no mail: they do not exist, or their owner has complained. */
export const suppressions = notificationsSchema.table(
  'suppressions',
  {
    /** A keyed hash of the normal form of the address. */
    addressHash: text('address_hash').primaryKey(),
    reason: text('reason', { enum: SUPPRESSION_REASONS }).notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [check('suppressions_reason', sql`${table.reason} in ('bounced', 'complained')`)],
)

/** Versions of what staff have written in place of the shop's own templates. A version's text never changes. */
export const emailTemplates = notificationsSchema.table(
  'email_templates',
  {
    name: text('name', { enum: MAIL_TEMPLATES }).notNull(),
    locale: text('locale').notNull(),
    version: integer('version').notNull(),
    status: text('status', { enum: TEMPLATE_STATUSES }).notNull(),
    subject: text('subject').notNull(),
    html: text('html').notNull(),
    text: text('text').notNull(),
    /** The account of staff that wrote it. */
    author: text('author').notNull(),
    createdAt: instant('created_at').notNull(),
    publishedAt: instant('published_at'),
  },
  (table) => [
    primaryKey({ columns: [table.name, table.locale, table.version] }),
    uniqueIndex('email_templates_published').on(table.name, table.locale).where(sql`status = 'published'`),
    check('email_templates_status', sql`${table.status} in ('draft', 'published', 'retired')`),
    check('email_templates_version', sql`${table.version} >= 1`),
    check('email_templates_size', sql`length(${table.html}) <= 200000 and length(${table.text}) <= 100000`),
  ],
)

/** Tickets for live updates that nobody has used yet. A ticket is used by deleting its row. */
export const liveTickets = notificationsSchema.table(
  'live_tickets',
  {
    tokenHash: text('token_hash').primaryKey(),
    topics: text('topics').array().notNull(),
    /** What gave the right to topics of orders; null where there are none. An order token is hashed. */
    credential: jsonb('credential'),
    expiresAt: instant('expires_at').notNull(),
  },
  (table) => [
    index('live_tickets_expiry').on(table.expiresAt),
    check('live_tickets_credential', sql`${table.credential}->>'kind' in ('session', 'api_key', 'order_token')`),
  ],
)

/** Topics of live updates that somebody may listen to. Those that are not here are told nothing. */
export const liveTopics = notificationsSchema.table(
  'live_topics',
  {
    topic: text('topic').primaryKey(),
    /** When the newest ticket for it was made, to about a minute. */
    askedAt: instant('asked_at').notNull(),
  },
  (table) => [index('live_topics_age').on(table.askedAt)],
)

export const idempotencyKeys = idempotencyKeysTable(notificationsSchema)

export const notificationsEvents = eventTables(notificationsSchema)
export const { events: notificationsEventRows, deliveries: notificationsDeliveries } = notificationsEvents
