import type { Db } from '@shop/db/client'
import { isUniqueViolation } from '@shop/db/errors'
import { orders } from '@shop/db/schema/orders'
import { verifiedEmails } from '@shop/db/schema/orders-customers'
import { erasures } from '@shop/db/schema/orders-erasures'
import type { OrderId } from '@shop/kernel/ids'
import { ok, type Result } from '@shop/kernel/result'
import { untilSaved } from '@shop/kernel/until-saved'
import { type SQL, sql } from 'drizzle-orm'
import { claimEventCtes } from '../events/repository.ts'
import { CLAIM_BATCH, type VerifiedEmail } from './domain/verified-email.ts'

/** An erased account claims nothing: the orders would be erased with it. */
const isErased = (userId: SQL) => sql`exists (select from ${erasures} erasure where erasure.user_id = ${userId})`

/** An order that ended unpaid is not claimed: otherwise a stranger could fill an account with orders that nobody pays. */
const IS_CLAIMABLE = sql`o.user_id is null and o.status <> 'pending' and not o.ended_unpaid`

/** Verified addresses, and the orders that guests have placed with them. Each write may run twice. */
export const claimRepository = (db: Db) => ({
  /**
   * Saves the address of an account, and deletes its previous one. The later verification wins, of the account and of the
   * address, in whatever order the events arrive.
   *
   * @returns false when a later one is known, or the account was erased
   */
  async saveVerified(verified: VerifiedEmail): Promise<boolean> {
    const saved = await untilSaved(() => saveVerified(db, verified))
    return saved.ok && saved.value
  },

  /**
   * Gives orders of guests to the account whose address was just saved. Index: orders_of_customer.
   *
   * @returns how many, at most {@link CLAIM_BATCH}
   */
  async claimOf({ customerKey, userId }: Pick<VerifiedEmail, 'customerKey' | 'userId'>, now: Date): Promise<number> {
    return claim(db, sql`o.customer_key = ${customerKey} and known.user_id = ${userId}`, now)
  },

  /** Gives those of the orders that are a guest's to the accounts with their verified addresses. */
  async claimThese(orderIds: readonly OrderId[], now: Date): Promise<number> {
    return orderIds.length === 0 ? 0 : claim(db, sql`o.id in ${[...orderIds]}`, now)
  },
})

/**
 * The insert reads `former`, so that the row before is deleted first.
 *
 * @returns undefined when the account verified another address at the same moment, which this statement could not see
 */
async function saveVerified(
  db: Db,
  { customerKey, userId, verifiedAt }: VerifiedEmail,
): Promise<Result<boolean, never> | undefined> {
  const at = sql`${verifiedAt.toISOString()}::timestamptz`
  try {
    const { rows } = await db.execute(sql`
      with former as (
        delete from ${verifiedEmails} known
        where known.user_id = ${userId} and known.customer_key <> ${customerKey} and known.verified_at <= ${at}
        returning known.customer_key
      )
      insert into ${verifiedEmails} as known (customer_key, user_id, verified_at)
      select ${customerKey}::text, ${userId}::text, ${at} from (select count(*) from former) deleted
      where not ${isErased(sql`${userId}`)} and not exists (
        select from ${verifiedEmails} later where later.user_id = ${userId} and later.verified_at > ${at})
      on conflict (customer_key) do update set user_id = excluded.user_id, verified_at = excluded.verified_at
        where known.verified_at <= excluded.verified_at
      returning customer_key`)
    return ok(rows.length === 1)
  } catch (error) {
    if (isUniqueViolation(error, 'verified_emails_of_user')) return undefined
    throw error
  }
}

/**
 * The statement itself reads which address belongs to which account, and locks the orders by id, so that two claims cannot
 * deadlock. A concurrent change of an order sets other columns, so neither overwrites the other.
 *
 * @param which of the orders `o`, with the verified address `known`
 */
async function claim(db: Db, which: SQL, now: Date): Promise<number> {
  const { rows } = await db.execute(sql`
    with due as (
      select o.id, known.user_id from ${orders} o join ${verifiedEmails} known on known.customer_key = o.customer_key
      where ${which} and ${IS_CLAIMABLE} and not ${isErased(sql`known.user_id`)}
      order by o.id limit ${CLAIM_BATCH} for update of o
    ),
    claimed as (
      update ${orders} o set user_id = due.user_id, claimed_at = ${now.toISOString()}::timestamptz
      from due where o.id = due.id and ${IS_CLAIMABLE}
      returning o.*
    ),
    ${claimEventCtes(sql`claimed`)}
    select id from claimed`)
  return rows.length
}
