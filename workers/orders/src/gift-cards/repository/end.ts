import type { Db } from '@shop/db/client'
import { eventCtes } from '@shop/db/events/write'
import { ordersEvents } from '@shop/db/schema/orders'
import { giftCardEntries, giftCards } from '@shop/db/schema/orders-gift-cards'
import { type SQL, sql } from 'drizzle-orm'
import type { GiftCard } from '../domain/gift-card.ts'

export const endRepository = (db: Db) => ({
  /**
   * Voids a card and removes its balance.
   *
   * @returns false when another writer won since it was read
   */
  async void({ id, version }: Pick<GiftCard, 'id' | 'version'>, now: Date): Promise<boolean> {
    const at = sql`${now.toISOString()}::timestamptz`
    const { rows } = await db.execute(sql`
      with due as (select id, balance from ${giftCards} where id = ${id} and version = ${version} for update),
      ended as (
        update ${giftCards} card
        set balance = 0, voided_at = coalesce(card.voided_at, ${at}), updated_at = ${at}, version = card.version + 1
        from due where card.id = due.id
        returning card.*, due.balance as taken_off
      ),
      ${takenOffCtes('voided')}
      select id from ended`)
    return rows.length === 1
  },

  /**
   * Removes the balance of expired cards. Skips rows that another sweep or an order has locked. Index: gift_cards_expiring.
   *
   * @returns how many, at most `limit`
   */
  async expire({ now, limit }: { now: Date; limit: number }): Promise<number> {
    const at = sql`${now.toISOString()}::timestamptz`
    const { rows } = await db.execute(sql`
      with due as (
        select id, balance from ${giftCards} where balance > 0 and voided_at is null and expires_at <= ${at}
        order by expires_at limit ${limit} for update skip locked
      ),
      ended as (
        update ${giftCards} card
        set balance = 0, updated_at = ${at}, version = card.version + 1
        from due where card.id = due.id
        returning card.*, due.balance as taken_off
      ),
      ${takenOffCtes('expired')}
      select id from ended`)
    return rows.length
  },

  /** Removes the addresses that codes were mailed to before a time. Index: gift_cards_mailed. @returns how many, at most `limit` */
  async forgetRecipients({ before, limit }: { before: Date; limit: number }): Promise<number> {
    const { rows } = await db.execute(sql`
      update ${giftCards} set recipient_email = null where id in (
        select id from ${giftCards} where recipient_email is not null and created_at < ${before.toISOString()}::timestamptz
        order by created_at limit ${limit} for update skip locked)
      returning id`)
    return rows.length
  },
})

/** Statement part: the entries and events of the cards of the CTE `ended` that had a balance. */
const takenOffCtes = (kind: 'voided' | 'expired'): SQL => sql`
  taken_off as (
    insert into ${giftCardEntries} (gift_card_id, seq, kind, amount, at)
    select id, version, ${sql.raw(`'${kind}'`)}, -taken_off, updated_at from ended where taken_off > 0
  ),
  ${eventCtes(ordersEvents, {
    name: 'ended_event',
    types: ['gift_card.ended'],
    rows: sql`
      select 'gift_card.ended' as type, id as key, version as sequence, updated_at as created_at,
             jsonb_build_object('giftCardId', id, 'source', source, 'amount', taken_off, 'currency', currency,
                                'orderId', order_id, 'refundId', refund_id) as payload
      from ended where taken_off > 0`,
  })}`
