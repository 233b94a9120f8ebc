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
