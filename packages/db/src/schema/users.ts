import { END_REASONS } from '@shop/contracts/users/sessions'
import { TOKEN_KINDS } from '@shop/contracts/users/tokens'
import { ROLES } from '@shop/kernel/caller'
import { AUTH_METHODS } from '@shop/kernel/proof'
import { sql } from 'drizzle-orm'
import {
  type AnyPgColumn,
  bigint,
  check,
  index,
  integer,
  jsonb,
  pgSchema,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import { eventTables } from '../events/tables.ts'
import { idempotencyKeysTable } from '../idempotency-keys.ts'
import { instant, metadata } from './columns.ts'

export const usersSchema = pgSchema('users')

export const users = usersSchema.table(
  'users',
  {
    id: text('id').primaryKey(),
    email: text('email').notNull(),
    /** The same for every spelling of the address: `normalEmail` of it. */
    emailKey: text('email_key').notNull(),
    /** When somebody proved that mails to the address reach them. */
    emailVerifiedAt: instant('email_verified_at'),
    name: text('name'),
    /** A canonical BCP 47 tag. */
    locale: text('locale'),
    /** In E.164. */
    phone: text('phone'),
    /** When the customer agreed to advertisements; null where they do not. */
    marketingConsentAt: instant('marketing_consent_at'),
    role: text('role', { enum: ROLES }).notNull(),
    passwordHash: text('password_hash').notNull(),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    metadata: metadata(),
    /** Counts the changes of the account. */
    version: integer('version').notNull().default(1),
    /** Of the address book: see `addresses`. */
    addressCount: integer('address_count').notNull().default(0),
    defaultShippingAddressId: text('default_shipping_address_id').references((): AnyPgColumn => addresses.id),
    defaultBillingAddressId: text('default_billing_address_id').references((): AnyPgColumn => addresses.id),
  },
  (table) => [
    uniqueIndex('users_email_unique').on(table.emailKey),
    index('users_email_prefix').on(sql`${table.emailKey} text_pattern_ops`),
    index('users_name_prefix').on(sql`lower(${table.name}) text_pattern_ops`),
    index('users_newest').on(table.createdAt, table.id),
    check(
      'users_default_addresses',
      sql`${table.addressCount} > 0
        or (${table.defaultShippingAddressId} is null and ${table.defaultBillingAddressId} is null)`,
    ),
    check(
      'users_role',
      sql`${table.role} in ('customer', 'support', 'catalog_manager', 'fulfillment', 'finance', 'admin')`,
    ),
  ],
)

/**
 * Address books. The row of the account counts its addresses and names its defaults, which a foreign key and a CHECK keep: at most
 * one of each kind, and none of an empty book.
 */
export const addresses = usersSchema.table(
  'addresses',
  {
    id: text('id').primaryKey(),
    userId: text('user_id')
      .notNull()
      .references((): AnyPgColumn => users.id, { onDelete: 'cascade' }),
    /** A structured address, by the rules of its country. */
    address: jsonb('address').notNull(),
    version: integer('version').notNull().default(1),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (table) => [index('addresses_of_user').on(table.userId, table.id)],
)

/** One row per sign-in, until it would have expired. Its refresh tokens end with it. */
export const sessions = usersSchema.table(
  'sessions',
  {
    id: text('id').primaryKey(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    /** Of the id that the client gave when it signed in, if it did. */
    deviceHash: text('device_hash'),
    /** For its owner to recognize: browser and system, city and country. */
    device: text('device'),
    place: text('place'),
    createdAt: instant('created_at').notNull(),
    /** When it was last refreshed. */
    lastSeenAt: instant('last_seen_at').notNull(),
    /** How and when its owner last proved who they are. */
    amr: text('amr', { enum: AUTH_METHODS }).array().notNull(),
    authTime: instant('auth_time').notNull(),
    expiresAt: instant('expires_at').notNull(),
    endedAt: instant('ended_at'),
    endReason: text('end_reason', { enum: END_REASONS }),
  },
  (table) => [
    index('sessions_user').on(table.userId, table.id),
    index('sessions_expiry').on(table.expiresAt),
    check('sessions_ended', sql`(${table.endedAt} is null) = (${table.endReason} is null)`),
  ],
)

/** One row per token. A used token keeps its row, so that a second use reveals a theft. */
export const refreshTokens = usersSchema.table(
  'refresh_tokens',
  {
    tokenHash: text('token_hash').primaryKey(),
    sessionId: text('session_id')
      .notNull()
      .references(() => sessions.id, { onDelete: 'cascade' }),
    createdAt: instant('created_at').notNull(),
    usedAt: instant('used_at'),
  },
  (table) => [index('refresh_tokens_session').on(table.sessionId)],
)

/**
 * The tokens of mails: one row for each kind and account, so a new request replaces the token before it. The row outlives its
 * token, to count the requests.
 *
 * A request for an address without an account leaves a row too, without an account: known and unknown addresses cost the same
 * work. It is deleted when it expires.
 */
export const accountTokens = usersSchema.table(
  'account_tokens',
  {
    /** The id of the account, or a hash of the address that has none. */
    subject: text('subject').notNull(),
    kind: text('kind', { enum: TOKEN_KINDS }).notNull(),
    userId: text('user_id').references(() => users.id, { onDelete: 'cascade' }),
    /** What the token is derived from, together with a secret. */
    tokenId: text('token_id').notNull(),
    /** SHA-256 of the token; null once it is used, replaced by a change of the account, or expired. */
    tokenHash: text('token_hash'),
    /** The address that a change of address leads to; null once the token is. */
    newEmail: text('new_email'),
    /** Counts the requests; the sequence of their events. */
    version: integer('version').notNull().default(1),
    createdAt: instant('created_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.subject, table.kind] }),
    uniqueIndex('account_tokens_hash').on(table.tokenHash),
    index('account_tokens_user').on(table.userId),
    index('account_tokens_expiry').on(table.expiresAt).where(sql`token_hash is not null`),
    check('account_tokens_new_email', sql`${table.newEmail} is null or ${table.kind} = 'email_change'`),
  ],
)

/** Keys of requests that create something. */
export const usersKeys = idempotencyKeysTable(usersSchema)

export const usersEvents = eventTables(usersSchema)

/** drizzle-kit reads the tables of a schema file from its exports. */
export const { events: usersEventRows, deliveries: usersDeliveries } = usersEvents

/** Addresses that accounts had, each until its owner was told of the change. */
export const formerEmails = usersSchema.table(
  'former_emails',
  {
    eventId: bigint('event_id', { mode: 'number' })
      .primaryKey()
      .references(() => usersEventRows.id, { onDelete: 'cascade' }),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    email: text('email').notNull(),
  },
  (table) => [index('former_emails_user').on(table.userId)],
)
