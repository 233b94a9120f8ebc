import type { EmailTaken, InvalidAccountToken } from '@shop/contracts/users/failures'
import type { Db } from '@shop/db/client'
import { isUniqueViolation } from '@shop/db/errors'
import { accountTokens, formerEmails, users } from '@shop/db/schema/users'
import { normalEmail } from '@shop/kernel/email'
import type { SessionId, UserId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import { and, eq, gt, sql } from 'drizzle-orm'
import { accountEvents } from '../accounts/repository/account-events.ts'
import { endingStatement } from '../sessions/repository/end.ts'
import type { NewAccountToken } from '../tokens/domain/account-token.ts'
import { tokenRequest, usedTokenCtes } from '../tokens/repository/statements.ts'

export type EmailRepository = ReturnType<typeof emailRepository>

type UsedToken = { tokenHash: string; now: Date }
/** `except`: the session that goes on. */
type EmailChange = UsedToken & { userId: UserId; except?: SessionId | undefined }

/** The addresses of accounts: their verification, and their change. */
export const emailRepository = (db: Db) => ({
  /**
   * Verifies the address of the account that a token belongs to. The event is written once, when it was not verified before.
   *
   * @returns false when the token cannot be used; then nothing was done
   */
  async verify({ tokenHash, now }: UsedToken): Promise<boolean> {
    const at = sql`${now.toISOString()}::timestamptz`
    const { rows } = await db.execute(sql`
      with ${usedTokenCtes({ kind: 'verification', tokenHash, now }, ['verification'])},
      newly_verified as (
        update ${users} person set email_verified_at = ${at}, version = version + 1, updated_at = ${at}
        from found where person.id = found.id and person.email_verified_at is null
        returning person.*),
      ${accountEvents('newly_verified', ['customer.email_verified'])}
      select id from found`)
    return rows.length === 1
  },

  /**
   * Saves the token of a change of address, with the event that leads to a mail to the new address.
   *
   * @param request.passwordHash the one that was checked: the token is not saved when it was changed meanwhile
   * @returns false when the address has another account; the final word has the index, once the change is confirmed
   */
  async requestChange(request: {
    userId: UserId
    passwordHash: string
    newEmail: string
    token: NewAccountToken
  }): Promise<boolean> {
    const { userId, passwordHash, newEmail, token } = request
    const person = sql`
      select id, role from ${users}
      where id = ${userId} and password_hash = ${passwordHash} and not exists (
        select from ${users} other where other.email_key = ${normalEmail(newEmail)} and other.id <> ${userId})`
    const { rows } = await db.execute(tokenRequest({ kind: 'email_change', person, newEmail, token }))
    return rows.length === 1
  },

  /**
   * Changes the address of the account that a token belongs to. The address before is kept under the id of the event, for the
   * mail that tells its owner. All links that were sent before end, since some went to that address, and all other sessions, in
   * one batch.
   *
   * The unique index on the normal form of an address decides who gets it. A check beforehand would let two racing changes both
   * pass.
   */
  async change(change: EmailChange): Promise<Result<undefined, InvalidAccountToken | EmailTaken>> {
    const newEmail = await newEmailOf(db, change)
    if (newEmail === undefined) return fail({ code: 'invalid_account_token' })
    try {
      const isChanged = await saveEmail(db, { ...change, newEmail })
      return isChanged ? ok() : fail({ code: 'invalid_account_token' })
    } catch (error) {
      if (isUniqueViolation(error, 'users_email_unique')) return fail({ code: 'email_taken' })
      throw error
    }
  },
})

/** Read beforehand, because SQL cannot compute the normal form of an address. That of one token never changes. */
async function newEmailOf(db: Db, { tokenHash, now }: UsedToken): Promise<string | undefined> {
  const [row] = await db
    .select({ newEmail: accountTokens.newEmail })
    .from(accountTokens)
    .where(
      and(
        eq(accountTokens.tokenHash, tokenHash),
        eq(accountTokens.kind, 'email_change'),
        gt(accountTokens.expiresAt, now),
      ),
    )
  return row?.newEmail ?? undefined
}

async function saveEmail(db: Db, change: EmailChange & { newEmail: string }): Promise<boolean> {
  const { userId, except, tokenHash, now, newEmail } = change
  const at = sql`${now.toISOString()}::timestamptz`
  const changed = sql`
    with ${usedTokenCtes({ kind: 'email_change', tokenHash, now }, ['verification', 'password_reset', 'email_change'])},
    before as (
      select person.id, person.email from ${users} person join found on found.id = person.id for update of person),
    changed as (
      update ${users} person
      set email = found.new_email, email_key = ${normalEmail(newEmail)}, email_verified_at = ${at},
          version = version + 1, updated_at = ${at}
      from found join before on before.id = found.id where person.id = found.id
      returning person.*),
    ${accountEvents('changed', ['customer.email_changed', 'customer.email_verified'])},
    kept as (
      insert into ${formerEmails} (event_id, user_id, email)
      select event.id, before.id, before.email from changed_events event join before on before.id = event.key
      where event.type = 'customer.email_changed')
    select id from changed`
  // The time tells this change from an earlier one to the same address.
  const onlyIf = sql`exists (
    select from ${users} where id = ${userId} and email_key = ${normalEmail(newEmail)} and updated_at = ${at})`
  const [{ rows }] = await db.batch([
    db.execute(changed),
    db.execute(endingStatement({ userId, except }, { reason: 'email_changed', now, onlyIf })),
  ])
  return rows.length === 1
}
