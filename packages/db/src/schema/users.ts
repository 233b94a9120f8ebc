import { ROLES } from '@shop/kernel/caller'
import { AUTH_METHODS } from '@shop/kernel/proof'
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

/** One row per token. A used token keeps its row, so that a second use reveals a theft. */
export const refreshTokens = usersSchema.table(
  'refresh_tokens',
  {
    tokenHash: text('token_hash').primaryKey(),
    sessionId: text('session_id').notNull(),
    userId: text('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    createdAt: instant('created_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    usedAt: instant('used_at'),
    /** How and when the owner of the session last proved who they are. */
    amr: text('amr', { enum: AUTH_METHODS }).array().notNull(),
    authTime: instant('auth_time').notNull(),
    revokedAt: instant('revoked_at'),
  },
  (table) => [
    index('refresh_tokens_session').on(table.sessionId),
    index('refresh_tokens_expiry').on(table.expiresAt),
    index('refresh_tokens_user').on(table.userId),
  ],
)

export const usersEvents = eventTables(usersSchema)

/** drizzle-kit reads the tables of a schema file from its exports. */
export const { events: usersEventRows, deliveries: usersDeliveries } = usersEvents
