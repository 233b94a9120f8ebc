import { users } from '@shop/db/schema/users'
import { factors } from '@shop/db/schema/users-factors'
import type { FactorId, UserId } from '@shop/kernel/ids'
import { type SQL, sql } from 'drizzle-orm'
import type { StoredFactor } from '../domain/factor.ts'

type FactorRow = typeof factors.$inferSelect

/** @throws Error for a row without what its type needs, which the constraints of the table refuse */
export function toFactor(row: FactorRow): StoredFactor {
  const shared = {
    // Only this worker writes ids, and all of them are TypeIDs.
    id: row.id as FactorId,
    userId: row.userId as UserId,
    name: row.name ?? undefined,
    createdAt: row.createdAt,
    confirmedAt: row.confirmedAt ?? undefined,
    lastUsedAt: row.lastUsedAt ?? undefined,
  }
  const { sealedSecret, sealingKeyId, lastStep, credentialId, publicKey, signCount, transports, isBackedUp } = row
  if (row.type === 'totp' && sealedSecret !== null && sealingKeyId !== null && lastStep !== null) {
    return { ...shared, type: 'totp', sealed: { text: sealedSecret, keyId: sealingKeyId }, lastStep }
  }
  if (credentialId === null || publicKey === null || signCount === null || transports === null || isBackedUp === null) {
    throw new Error(`The factor ${row.id} is incomplete`)
  }
  return { ...shared, type: 'passkey', passkey: { credentialId, publicKey, signCount, transports, isBackedUp } }
}

export const toInstant = (date: Date): SQL => sql`${date.toISOString()}::timestamptz`

/**
 * Statement part: whether an account that is selected has a confirmed factor. Index: factors_user. Columns are written out,
 * since Drizzle leaves their tables out where it selects from one.
 */
export const HAS_FACTOR = sql<boolean>`exists (
  select from ${factors} factor where factor.user_id = ${users}.id and factor.confirmed_at is not null)`

/** How many factors an account has that are confirmed. A race may add one more than is allowed, which harms nobody. */
export const confirmedCount = (userId: UserId): SQL =>
  sql`(select count(*) from ${factors} where user_id = ${userId} and confirmed_at is not null)`
