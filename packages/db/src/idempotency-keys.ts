import type { KeyKnown, StoredKey } from '@shop/kernel/create-once'
import type { IdempotencyKey } from '@shop/kernel/idempotency'
import { fail, type Result } from '@shop/kernel/result'
import { type SQL, sql } from 'drizzle-orm'
import { index, integer, jsonb, type PgSchema, primaryKey, text } from 'drizzle-orm/pg-core'
import { askAll, type Db } from './client.ts'
import { isUniqueViolation } from './errors.ts'
import { instant } from './schema/columns.ts'
import { statement } from './statement.ts'

/**
 * Idempotency keys of one service. A row without a subject is a claim. Another request may take it over once it has
 * expired; only the holder of the claim can attach a subject to it.
 */
export const idempotencyKeysTable = (schema: PgSchema) =>
  schema.table(
    'idempotency_keys',
    {
      scope: text('scope').notNull(),
      key: text('key').notNull(),
      requestHash: text('request_hash').notNull(),
      claim: text('claim').notNull(),
      claimedUntil: instant('claimed_until').notNull(),
      /** The id of what the request created or changed: an order, a payment, a refund. */
      subject: text('subject'),
      /** The attempt of the subject that the request made, where a subject has several. */
      attempt: integer('attempt'),
      /** The outcome of the request, where the subject alone does not show it. */
      answer: jsonb('answer'),
      createdAt: instant('created_at').notNull(),
    },
    (table) => [
      primaryKey({ columns: [table.scope, table.key] }),
      index('idempotency_keys_age').on(table.createdAt),
      index('idempotency_keys_unanswered').on(table.subject).where(sql`answer is null and subject is not null`),
    ],
  )

export type IdempotencyKeysTable = ReturnType<typeof idempotencyKeysTable>

/** `claim` names one request among those with the key. */
export type KeyClaim = IdempotencyKey & { claim: string }

/**
 * The state of a key: this request may proceed (`claimed`), another one is running (`in_flight`), the key was used with
 * another request, or the subject of the first request.
 */
export type ClaimedKey<S> =
  | { kind: 'claimed' | 'in_flight' | 'other_request' }
  | { kind: 'known'; subject: S; attempt: number | null; answer: unknown }

type KeyRow<S> = { requestHash: string; subject: S | null; attempt: number | null; answer: unknown }
type ClaimValues = { [K in 'scope' | 'key' | 'requestHash' | 'claim' | 'claimedUntil' | 'now']: string }

/** @param claimedUntil after this a request that has attached no subject may be taken over */
type ClaimTimes = { now: Date; claimedUntil: Date }

/**
 * The statements of a claim, for a transaction that does more: `insert`, later `read`; `resultOf` says what they found.
 *
 * Insert and read are two statements of one transaction, because a statement does not see a row that was committed
 * after it began, though it conflicts with it.
 *
 * @param subject selects what a key's subject is now as one jsonb value; the key's row is `known`
 */
export function keyClaimStatements<S>(table: IdempotencyKeysTable, subject: SQL) {
  const p = (name: keyof ClaimValues) => sql.placeholder(name)
  const insert = statement<ClaimValues>(
    () => sql`
      insert into ${table} as known (scope, key, request_hash, claim, claimed_until, created_at)
      values (${p('scope')}, ${p('key')}, ${p('requestHash')}, ${p('claim')}, ${p('claimedUntil')}::timestamptz, ${p('now')}::timestamptz)
      on conflict (scope, key) do update set claim = excluded.claim, claimed_until = excluded.claimed_until
        where known.subject is null and known.claimed_until < excluded.created_at
          and known.request_hash = excluded.request_hash
      returning claim`,
  )
  const read = statement<{ scope: string; key: string }>(
    () => sql`
      select known.request_hash as "requestHash", (${subject}) as subject, known.attempt, known.answer
      from ${table} known where known.scope = ${sql.placeholder('scope')} and known.key = ${sql.placeholder('key')}`,
  )
  return {
    insert: (claim: KeyClaim, { now, claimedUntil }: ClaimTimes) =>
      insert({ ...claim, claimedUntil: claimedUntil.toISOString(), now: now.toISOString() }),
    read: ({ scope, key }: KeyClaim) => read({ scope, key }),
    resultOf: (claim: KeyClaim, claimed: unknown[] = [], found: unknown[] = []): ClaimedKey<S> => {
      if (claimed.length === 1) return { kind: 'claimed' }
      // The columns are those that `read` names.
      const known = found[0] as KeyRow<S> | undefined
      if (known === undefined) return { kind: 'in_flight' }
      if (known.requestHash !== claim.requestHash) return { kind: 'other_request' }
      if (known.subject === null) return { kind: 'in_flight' }
      return { kind: 'known', subject: known.subject, attempt: known.attempt, answer: known.answer }
    },
  }
}

/** Makes the function that claims keys of a table: one round trip. See {@link keyClaimStatements}. */
export function keyClaims<S>(table: IdempotencyKeysTable, subject: SQL) {
  const { insert, read, resultOf } = keyClaimStatements<S>(table, subject)
  return async (db: Db, claim: KeyClaim, times: ClaimTimes): Promise<ClaimedKey<S>> => {
    const [claimed, found] = await askAll(db, [insert(claim, times), read(claim)])
    return resultOf(claim, claimed, found)
  }
}

/** The UPDATE that attaches a subject to a claim, for the statement that makes it; it returns 1 if the claim still holds. */
export function attachSubject(
  table: IdempotencyKeysTable,
  claim: { [K in 'scope' | 'key' | 'claim']: SQL | string },
  { subject, attempt = sql`null` }: { subject: SQL; attempt?: SQL },
): SQL {
  return sql`
    update ${table} set subject = ${subject}, attempt = ${attempt}::int
    where scope = ${claim.scope} and key = ${claim.key} and claim = ${claim.claim} and subject is null
    returning 1`
}

/** Deletes the claim of a refused request, so that its retry runs again. */
export async function dropClaim(db: Db, table: IdempotencyKeysTable, claim: KeyClaim): Promise<void> {
  await db.execute(sql`
    delete from ${table}
    where scope = ${claim.scope} and key = ${claim.key} and claim = ${claim.claim} and subject is null`)
}

/** Stores the outcome of a request with its key. */
export async function answerKey(
  db: Db,
  table: IdempotencyKeysTable,
  claim: KeyClaim,
  { subject, answer }: { subject: string; answer: unknown },
): Promise<void> {
  await db.execute(sql`
    update ${table} set subject = ${subject}, answer = ${JSON.stringify(answer)}::jsonb
    where scope = ${claim.scope} and key = ${claim.key} and claim = ${claim.claim}`)
}

/**
 * The CTE `keyed`, with a comma before it, for a statement that creates something: stores the key of the request with what
 * was created. A known key violates the primary key, which undoes the whole statement. Empty without a key.
 *
 * @param created a SELECT of the new id as text; it returns no row when the statement creates nothing
 */
export function keyedCte(
  table: IdempotencyKeysTable,
  key: IdempotencyKey | undefined,
  { created, at }: { created: SQL; at: Date },
): SQL {
  if (key === undefined) return sql.empty()
  const now = sql`${at.toISOString()}::timestamptz`
  return sql`, keyed as (
    insert into ${table} (scope, key, request_hash, claim, claimed_until, subject, created_at)
    select ${key.scope}, ${key.key}, ${key.requestHash}, '', ${now}, created.id, ${now} from (${created}) created (id))`
}

/** Runs a statement with {@link keyedCte}. */
export async function withFreshKey<T, F>(write: () => Promise<Result<T, F>>): Promise<Result<T, F | KeyKnown>> {
  try {
    return await write()
  } catch (error) {
    if (isUniqueViolation(error, 'idempotency_keys_scope_key_pk')) return fail({ code: 'idempotency_key_known' })
    throw error
  }
}

/** What a key led to that {@link keyedCte} stored. */
export async function findKey(
  db: Db,
  table: IdempotencyKeysTable,
  { scope, key }: IdempotencyKey,
): Promise<StoredKey | undefined> {
  const { rows } = await db.execute<StoredKey>(sql`
    select request_hash as "requestHash", subject from ${table}
    where scope = ${scope} and key = ${key} and subject is not null`)
  return rows[0]
}

/** Twice the day that clients are promised. */
const KEEP_HOURS = 48
/** The most keys that one sweep deletes, so that it ends in time even after a long pause. */
const PRUNE_BATCH = 1_000

/** Deletes keys after two days, oldest first; served by the index idempotency_keys_age. */
export async function pruneKeys(db: Db, table: IdempotencyKeysTable, now: Date): Promise<number> {
  const before = new Date(now.getTime() - KEEP_HOURS * 3_600_000).toISOString()
  const { rows } = await db.execute(sql`
    delete from ${table} where (scope, key) in (
      select scope, key from ${table} where created_at < ${before}::timestamptz
      order by created_at limit ${PRUNE_BATCH})
    returning key`)
  return rows.length
}
