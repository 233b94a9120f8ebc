import { FACTOR_TYPES } from '@shop/contracts/users/factors'
import { sql } from 'drizzle-orm'
import { bigint, boolean, check, index, integer, jsonb, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { instant } from './columns.ts'
import { users, usersSchema } from './users.ts'

const owner = () =>
  text('user_id')
    .notNull()
    .references(() => users.id, { onDelete: 'cascade' })

/** Second factors. One that is not confirmed protects nothing yet. */
export const factors = usersSchema.table(
  'factors',
  {
    id: text('id').primaryKey(),
    userId: owner(),
    type: text('type', { enum: FACTOR_TYPES }).notNull(),
    name: text('name'),
    createdAt: instant('created_at').notNull(),
    confirmedAt: instant('confirmed_at'),
    lastUsedAt: instant('last_used_at'),
    /** The secret of an authenticator app, encrypted, and the id of the key. */
    sealedSecret: text('sealed_secret'),
    sealingKeyId: text('sealing_key_id'),
    /** The time step of the last code that was accepted; earlier ones are void. */
    lastStep: bigint('last_step', { mode: 'number' }),
    /** Of a passkey, in base64url; the public key in COSE. */
    credentialId: text('credential_id'),
    publicKey: text('public_key'),
    /** Signatures that a passkey has counted; 0 for one that does not count. */
    signCount: bigint('sign_count', { mode: 'number' }),
    transports: jsonb('transports').$type<string[]>(),
    /** Whether a copy of the passkey exists, as in a password manager. */
    isBackedUp: boolean('is_backed_up'),
  },
  (table) => [
    index('factors_user').on(table.userId, table.id),
    uniqueIndex('factors_credential_unique').on(table.credentialId),
    // A new secret replaces the one before it that was never confirmed.
    uniqueIndex('factors_unconfirmed_unique').on(table.userId).where(sql`confirmed_at is null`),
    check(
      'factors_totp',
      sql`${table.type} <> 'totp' or (${table.sealedSecret} is not null and ${table.sealingKeyId} is not null and ${table.lastStep} is not null)`,
    ),
    check(
      'factors_passkey',
      sql`${table.type} <> 'passkey' or (${table.credentialId} is not null and ${table.publicKey} is not null and ${table.signCount} is not null and ${table.transports} is not null and ${table.isBackedUp} is not null and ${table.confirmedAt} is not null)`,
    ),
  ],
)

/** One row per code. Only the SHA-256 is kept: a code has 120 random bits. */
export const recoveryCodes = usersSchema.table(
  'recovery_codes',
  {
    codeHash: text('code_hash').primaryKey(),
    userId: owner(),
    createdAt: instant('created_at').notNull(),
    usedAt: instant('used_at'),
  },
  (table) => [index('recovery_codes_user').on(table.userId)],
)

/** Sign-ins that wait for the second factor, by the SHA-256 of their token. */
export const mfaTokens = usersSchema.table(
  'mfa_tokens',
  {
    tokenHash: text('token_hash').primaryKey(),
    userId: owner(),
    /** SHA-256 of the password hash: a new password voids the token. */
    passwordVersion: text('password_version').notNull(),
    createdAt: instant('created_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    /** Counted before each one is checked, so that parallel guesses count, too. */
    attempts: integer('attempts').notNull().default(0),
    usedAt: instant('used_at'),
  },
  (table) => [index('mfa_tokens_user').on(table.userId), index('mfa_tokens_expiry').on(table.expiresAt)],
)

/** Challenges that a passkey has answered, by their SHA-256, until they would have expired anyway. */
export const spentChallenges = usersSchema.table(
  'spent_challenges',
  { challengeHash: text('challenge_hash').primaryKey(), expiresAt: instant('expires_at').notNull() },
  (table) => [index('spent_challenges_expiry').on(table.expiresAt)],
)
