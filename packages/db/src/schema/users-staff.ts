import { ROLES } from '@shop/kernel/caller'
import type { Scope } from '@shop/kernel/scopes'
import { sql } from 'drizzle-orm'
import { boolean, check, index, integer, smallint, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { instant } from './columns.ts'
import { users, usersSchema } from './users.ts'

/** An offer to become staff with a role, which one account takes once. Its token is mailed and kept hashed. */
export const invitations = usersSchema.table(
  'invitations',
  {
    id: text('id').primaryKey(),
    email: text('email').notNull(),
    emailKey: text('email_key').notNull(),
    role: text('role', { enum: ROLES }).notNull(),
    tokenHash: text('token_hash').notNull(),
    invitedBy: text('invited_by')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    createdAt: instant('created_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    acceptedAt: instant('accepted_at'),
    acceptedBy: text('accepted_by'),
    revokedAt: instant('revoked_at'),
  },
  (table) => [
    uniqueIndex('invitations_token_unique').on(table.tokenHash),
    index('invitations_expiry').on(table.expiresAt),
    check('invitations_one_end', sql`${table.acceptedAt} is null or ${table.revokedAt} is null`),
  ],
)

/**
 * How many accounts are administrators: one row, made with the first of them. A trigger counts, so two demotions at once wait for
 * each other here, and the CHECK refuses the one that would leave none.
 */
export const adminCount = usersSchema.table(
  'admin_count',
  {
    id: boolean('id').primaryKey().default(true),
    admins: integer('admins').notNull(),
  },
  (table) => [
    check('admin_count_one_row', sql`${table.id}`),
    check('admin_count_not_empty', sql`${table.admins} >= 1`),
  ],
)

/** Keys of machines. The key itself is shown once; only its SHA-256 is kept, which its 190 random bits make safe. */
export const apiKeys = usersSchema.table(
  'api_keys',
  {
    id: text('id').primaryKey(),
    kind: text('kind', { enum: ['secret', 'publishable'] }).notNull(),
    name: text('name').notNull(),
    keyHash: text('key_hash').notNull(),
    /** The first characters after the prefix, by which staff recognize it. */
    hint: text('hint').notNull(),
    scopes: text('scopes').array().$type<Scope[]>().notNull(),
    /** The key has at most the scopes that this account has now. */
    createdBy: text('created_by')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    createdAt: instant('created_at').notNull(),
    expiresAt: instant('expires_at'),
    /** At most an hour old. */
    lastUsedAt: instant('last_used_at'),
    revokedAt: instant('revoked_at'),
  },
  (table) => [
    uniqueIndex('api_keys_hash_unique').on(table.keyHash),
    check('api_keys_kind', sql`${table.kind} in ('secret', 'publishable')`),
    check('api_keys_scopes', sql`(${table.kind} = 'secret') = (cardinality(${table.scopes}) > 0)`),
  ],
)

/**
 * The writes of staff and of secret keys, each before it is made. Append-only: the service's role may not change or delete a row.
 * No bodies and no personal data.
 */
export const audit = usersSchema.table(
  'audit',
  {
    id: text('id').primaryKey(),
    at: instant('at').notNull(),
    actorId: text('actor_id').notNull(),
    /** Of a user; null for a key. */
    role: text('role', { enum: ROLES }),
    method: text('method').notNull(),
    /** Null where the API describes no such operation, so that nothing was done. */
    operation: text('operation'),
    path: text('path'),
    /** The last id in the path. */
    resourceId: text('resource_id'),
    requestId: text('request_id').notNull(),
  },
  (table) => [
    index('audit_actor').on(table.actorId, table.id),
    index('audit_operation').on(table.operation, table.id),
    index('audit_resource').on(table.resourceId, table.id),
  ],
)

/** How each of them was answered. One without a row here may or may not have been made: its answer was lost. */
export const auditOutcomes = usersSchema.table(
  'audit_outcomes',
  {
    auditId: text('audit_id')
      .primaryKey()
      .references(() => audit.id),
    status: smallint('status').notNull(),
    /** What the write created. */
    createdId: text('created_id'),
    at: instant('at').notNull(),
  },
  (table) => [index('audit_outcomes_created').on(table.createdId).where(sql`created_id is not null`)],
)
