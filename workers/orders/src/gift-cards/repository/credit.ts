import type { Db } from '@shop/db/client'
import { giftCardEntries, giftCards } from '@shop/db/schema/orders-gift-cards'
import type { OrderId, RefundId } from '@shop/kernel/ids'
import { sql } from 'drizzle-orm'
import type { Credit, SpentCard } from '../domain/plan-credit.ts'
import { endAfterCredit, restoredEventCtes } from './return.ts'

/** What gift cards paid of an order. Amounts in minor units. */
export type OrderCards = {
  /** What was already returned to them. */
  returned: number
  isCancelled: boolean
  /** Whether the refund was credited before. */
  isCredited: boolean
  /** The cards that can be refunded, in reverse order of use. */
  spent: SpentCard[]
}

export type CreditWrite = {
  orderId: OrderId
  refundId: RefundId
  /** What was returned to the order's cards when the credit was decided. */
  returned: number
  credits: readonly Credit[]
  at: Date
}

export const creditRepository = (db: Db) => ({
  /** Undefined for an order that does not exist. Index: gift_card_entries_of_order. */
  async cardsOfOrder(orderId: OrderId, refundId: RefundId): Promise<OrderCards | undefined> {
    const { rows } = await db.execute<{ found: OrderCards }>(sql`
      select json_build_object('returned', o.gift_card_returned, 'isCancelled', o.status = 'cancelled',
        'isCredited', exists (
          select from ${giftCardEntries} entry where entry.refund_id = ${refundId} and entry.kind = 'refunded'),
        'spent', (
          select coalesce(json_agg(json_build_object('id', spent.id, 'left', spent.left)
                                   order by spent.expires_at desc nulls first, spent.id), '[]')
          from (
            select card.id, card.expires_at, -sum(entry.amount) as left
            from ${giftCardEntries} entry join ${giftCards} card on card.id = entry.gift_card_id
            where entry.order_id = o.id and entry.kind in ('spent', 'returned', 'refunded')
            group by card.id having sum(entry.amount) < 0) spent)) as found
      from orders.orders o where o.id = ${orderId}`)
    return rows[0]?.found
  },

  /**
   * Refunds an amount to gift cards of an order, in one statement. The order keeps its version, because the event from payments records
   * the refund.
   *
   * @returns false when another refund or a cancellation credited the order's cards since they were read
   */
  async credit({ orderId, refundId, returned, credits, at }: CreditWrite): Promise<boolean> {
    const amount = credits.reduce((sum, credit) => sum + credit.amount, 0)
    const instant = sql`${at.toISOString()}::timestamptz`
    const { rows } = await db.execute(sql`
      with changed as (
        update orders.orders set gift_card_returned = gift_card_returned + ${amount}::bigint
        where id = ${orderId} and gift_card_returned = ${returned}::bigint
        returning id
      ),
      cards_to_credit as (
        select card.id, given.amount
        from changed, jsonb_to_recordset(${JSON.stringify(credits)}::jsonb) as given(id text, amount bigint)
        join ${giftCards} card on card.id = given.id
        order by card.id for update of card
      ),
      credited_cards as (
        update ${giftCards} card
        set balance = card.balance + given.amount, version = card.version + 1,
            updated_at = greatest(card.updated_at, ${instant}), expires_at = ${endAfterCredit(sql`card`, instant)}
        from cards_to_credit given where card.id = given.id
        returning card.id, card.version, card.source, card.currency, card.order_id, card.refund_id, card.updated_at,
                  given.amount
      ),
      ${restoredEventCtes(sql`credited_cards`)},
      credited_entries as (
        insert into ${giftCardEntries} (gift_card_id, seq, kind, amount, order_id, refund_id, at)
        select credited.id, credited.version, 'refunded', credited.amount, ${orderId}, ${refundId}, ${instant}
        from credited_cards credited
      )
      select id from changed`)
    return rows.length === 1
  },
})
