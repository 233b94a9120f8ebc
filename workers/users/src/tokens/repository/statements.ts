import type { TokenKind } from '@shop/contracts/users/tokens'
import { eventCtes } from '@shop/db/events/write'
import { accountTokens, usersEvents } from '@shop/db/schema/users'
import { type SQL, sql } from 'drizzle-orm'
import type { NewAccountToken } from '../domain/account-token.ts'

/** The event that announces a request. */
export const EVENT_TYPES = {
  verification: 'customer.verification_requested',
  password_reset: 'customer.password_reset_requested',
  email_change: 'customer.email_change_requested',
} as const satisfies Record<TokenKind, string>

type TokenRequest = {
  kind: TokenKind
  /** A SELECT of id and role: the account that requests it, or none. */
  person: SQL
  /** What a row is kept under when there is no such account, so that it costs the same; undefined where none is needed. */
  nobody?: string | undefined
  newEmail?: string | undefined
  token: NewAccountToken
}

/**
 * The statement that replaces the token of an account, and writes the event that leads to its mail. It returns the id of the
 * account, if there is one.
 */
export function tokenRequest({ kind, person, nobody, newEmail, token }: TokenRequest): SQL {
  const type = EVENT_TYPES[kind]
  const [createdAt, expiresAt] = [token.createdAt.toISOString(), token.expiresAt.toISOString()]
  const written = eventCtes(usersEvents, {
    name: 'written',
    types: [type],
    rows: sql`
      select ${type}::text as type, requested.user_id as key, requested.version as sequence,
             jsonb_build_object('userId', requested.user_id, 'role', person.role) as payload, requested.created_at
      from requested join person on person.id = requested.user_id`,
  })
  return sql`
    with person as (${person}),
    requested as (
      insert into ${accountTokens} as known (subject, kind, user_id, token_id, token_hash, new_email, created_at, expires_at)
      select coalesce(person.id, ${nobody ?? null}::text), ${kind}, person.id, ${token.id}, ${token.hash},
             ${newEmail ?? null}::text, ${createdAt}::timestamptz, ${expiresAt}::timestamptz
      from (values (1)) one left join person on true
      where coalesce(person.id, ${nobody ?? null}::text) is not null
      on conflict (subject, kind) do update
      set token_id = excluded.token_id, token_hash = excluded.token_hash, new_email = excluded.new_email,
          created_at = excluded.created_at, expires_at = excluded.expires_at, version = known.version + 1
      returning user_id, version, created_at),
    ${written}
    select user_id as id from requested where user_id is not null`
}

/** A token that somebody presents, by its hash. */
export type PresentedToken = { kind: TokenKind; tokenHash: string; now: Date }

/**
 * Statement part: the CTEs `found` and `used` of a statement that uses a token. `found` has the account's id and the new
 * address, or no row when the token is unknown, used, replaced or expired.
 *
 * All rows of the account are locked, in one order and before the account, so that no two statements wait for each other. Of two
 * with one token the second waits for the first, and then finds the token used.
 *
 * @param ends the tokens of the account that end with this one
 */
export function usedTokenCtes({ kind, tokenHash, now }: PresentedToken, ends: readonly TokenKind[]): SQL {
  return sql`
    held as (
      select user_id, kind, token_hash, new_email, expires_at from ${accountTokens}
      where user_id = (
        select known.user_id from ${accountTokens} known where known.token_hash = ${tokenHash} and known.kind = ${kind})
      order by kind for update),
    found as (
      select user_id as id, new_email from held
      where token_hash = ${tokenHash} and kind = ${kind} and expires_at > ${now.toISOString()}::timestamptz),
    used as (
      update ${accountTokens} token set token_hash = null, new_email = null
      from found where token.user_id = found.id and token.kind in ${ends})`
}

/** Statement part: the CTEs that end tokens of the account in the CTE `changed`; `held` locks them before the account. */
export const heldTokensCte = (userId: string): SQL => sql`
  held as (select kind from ${accountTokens} where user_id = ${userId} order by kind for update)`

/** Statement part of a WHERE: true, once the CTE `held` has its locks. */
export const AFTER_HELD: SQL = sql`(select count(*) from held) >= 0`

export const endedTokensCte = (ends: readonly TokenKind[]): SQL => sql`
  cleared as (
    update ${accountTokens} token set token_hash = null, new_email = null
    from changed where token.user_id = changed.id and token.kind in ${ends} and token.token_hash is not null)`
