import type { TokenKind } from '@shop/contracts/users/tokens'
import type { Db } from '@shop/db/client'
import { accountTokens, users } from '@shop/db/schema/users'
import { normalEmail } from '@shop/kernel/email'
import { sha256Hex } from '@shop/kernel/hash'
import type { UserId } from '@shop/kernel/ids'
import { and, eq, gt, sql } from 'drizzle-orm'
import type { NewAccountToken } from '../domain/account-token.ts'
import { type PresentedToken, tokenRequest } from './statements.ts'

const PRUNED_AT_ONCE = 1_000

export type AccountTokenRepository = ReturnType<typeof accountTokenRepository>

/** Tokens of mails; each call is one round trip. */
export const accountTokenRepository = (db: Db) => ({
  /**
   * Saves a token for the account of an address, with the event that leads to its mail; for a verification only where there is
   * something to verify. Otherwise it saves a row that nothing comes of, so that both cost the same.
   */
  async requestByEmail(request: {
    kind: Exclude<TokenKind, 'email_change'>
    email: string
    token: NewAccountToken
  }): Promise<void> {
    const { kind, email, token } = request
    const emailKey = normalEmail(email)
    const person = sql`
      select id, role from ${users}
      where email_key = ${emailKey} and ${kind === 'verification' ? sql`email_verified_at is null` : sql`true`}`
    await db.execute(tokenRequest({ kind, person, nobody: await sha256Hex(emailKey), token }))
  },

  /** Whose a token is, without using it; through the index account_tokens_hash. */
  async findOwner({ kind, tokenHash, now }: PresentedToken): Promise<{ id: UserId; email: string } | undefined> {
    const [row] = await db
      .select({ id: users.id, email: users.email })
      .from(accountTokens)
      .innerJoin(users, eq(users.id, accountTokens.userId))
      .where(
        and(eq(accountTokens.tokenHash, tokenHash), eq(accountTokens.kind, kind), gt(accountTokens.expiresAt, now)),
      )
    // Only this worker writes ids, and all of them are TypeIDs.
    return row && { id: row.id as UserId, email: row.email }
  },

  /**
   * Deletes what was kept for addresses without an account, and forgets the tokens and new addresses of the others, a thousand
   * at most, through the index account_tokens_expiry.
   *
   * @returns how many
   */
  async prune(before: Date): Promise<number> {
    const { rows } = await db.execute(sql`
      with expired as (
        select subject, kind, user_id from ${accountTokens}
        where token_hash is not null and expires_at < ${before.toISOString()}::timestamptz
        order by expires_at limit ${PRUNED_AT_ONCE} for update skip locked),
      deleted as (
        delete from ${accountTokens} token using expired
        where token.subject = expired.subject and token.kind = expired.kind and expired.user_id is null),
      forgotten as (
        update ${accountTokens} token set token_hash = null, new_email = null from expired
        where token.subject = expired.subject and token.kind = expired.kind and expired.user_id is not null)
      select 1 from expired`)
    return rows.length
  },
})
