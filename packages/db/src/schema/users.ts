import { END_REASONS } from '@shop/contracts/users/sessions'
import { ROLES } from '@shop/kernel/caller'
import { sql } from 'drizzle-orm'
import { check, index, integer, pgSchema, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { eventTables } from '../events/tables.ts'
import { instant, metadata } from './columns.ts'

export const usersSchema = pgSchema('users')

export const users = usersSchema.table(
  'users',
  {
    id: text('id').primaryKey(),
    email: text('email').notNull(),
    /** The same for every spelling of the address: `normalEmail` of it. */
    emailKey: text('email_key').notNull(),
    name: text('name'),
    role: text('role', { enum: ROLES }).notNull(),
    passwordHash: text('password_hash').notNull(),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    metadata: metadata(),
    /** Counts the changes of the account. */
    version: integer('version').notNull().default(1),
  },
  (table) => [
    uniqueIndex('users_email_unique').on(table.emailKey),
    check('users_role', sql`${table.role} in ('customer', 'admin')`),
  ],
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

export const usersEvents = eventTables(usersSchema)

/** drizzle-kit reads the tables of a schema file from its exports. */
export const { events: usersEventRows, deliveries: usersDeliveries } = usersEvents
