import type { EventType } from '@shop/contracts/events/catalogue'
import type { Db } from '@shop/db/client'
import { accountTokens, formerEmails, users, usersEventRows } from '@shop/db/schema/users'
import { and, asc, eq, gt, inArray, isNotNull, sql } from 'drizzle-orm'
import { EVENT_TYPES } from '../tokens/repository/statements.ts'
import type { MailedEvent } from './domain/mailed-event.ts'

export type MailAddressRepository = ReturnType<typeof mailAddressRepository>

/** The kind of token that an event of the row announces. */
const KIND = sql`case ${usersEventRows.type} ${sql.join(
  Object.entries(EVENT_TYPES).map(([kind, type]) => sql`when ${type} then ${kind}`),
  sql` `,
)} end`

/** Who is written to about which event; each call is one round trip. */
export const mailAddressRepository = (db: Db) => ({
  /** The events whose person still exists, with the token of that very request if it can still be used. */
  async list(eventIds: readonly number[], now: Date): Promise<MailedEvent[]> {
    if (eventIds.length === 0) return []
    const rows = await db
      .select({
        id: usersEventRows.id,
        type: usersEventRows.type,
        email: users.email,
        name: users.name,
        locale: users.locale,
        tokenId: accountTokens.tokenId,
        tokenHash: accountTokens.tokenHash,
        newEmail: accountTokens.newEmail,
        formerEmail: formerEmails.email,
      })
      .from(usersEventRows)
      .innerJoin(users, eq(users.id, sql`${usersEventRows.payload}->>'userId'`))
      .leftJoin(
        accountTokens,
        and(
          eq(accountTokens.subject, users.id),
          eq(accountTokens.kind, KIND),
          eq(accountTokens.version, usersEventRows.sequence),
          isNotNull(accountTokens.tokenHash),
          gt(accountTokens.expiresAt, now),
        ),
      )
      .leftJoin(formerEmails, eq(formerEmails.eventId, usersEventRows.id))
      .where(inArray(usersEventRows.id, [...eventIds]))
      .orderBy(asc(usersEventRows.id))
    return rows.map(({ tokenId, tokenHash, type, ...row }) => ({
      ...row,
      // Only types of the catalogue are written.
      type: type as EventType,
      token: tokenId === null || tokenHash === null ? null : { id: tokenId, hash: tokenHash },
    }))
  },

  /** The verified addresses of those of the accounts that exist and have one: normalized, and since when. */
  async listVerified(userIds: readonly string[]): Promise<{ userId: string; emailKey: string; verifiedAt: Date }[]> {
    if (userIds.length === 0) return []
    const rows = await db
      .select({ userId: users.id, emailKey: users.emailKey, verifiedAt: users.emailVerifiedAt })
      .from(users)
      .where(inArray(users.id, [...userIds]))
    return rows.flatMap(({ verifiedAt, ...row }) => (verifiedAt === null ? [] : [{ ...row, verifiedAt }]))
  },

  /** Deletes the addresses that were kept for events. */
  async forget(eventIds: readonly number[]): Promise<void> {
    if (eventIds.length === 0) return
    await db.delete(formerEmails).where(inArray(formerEmails.eventId, [...eventIds]))
  },
})
