import { violationDetail } from '@shop/db/errors'
import { eventCtes } from '@shop/db/events/write'
import { ordersEvents } from '@shop/db/schema/orders'
import { giftCardEntries, giftCards } from '@shop/db/schema/orders-gift-cards'
import { type SQL, sql } from 'drizzle-orm'
import type { AppliedGiftCard } from '../domain/apply-gift-cards.ts'
import { giftCardPayment } from './payment-event.ts'

/** The value of {@link spendCtes}. */
export const spendValues = (cards: readonly AppliedGiftCard[]) => ({
  giftCards: JSON.stringify(cards.map(({ id, amount }) => ({ id, amount }))),
})

/**
 * Statement part: the CTEs by which a new order spends gift cards: their balances, the entries, and the event for payments.
 *
 * If a card has too little balance, has expired, is voided or has another currency, its balance is set below 0. That violates a
 * constraint, which undoes the whole statement. So no card is spent twice, however many statements race.
 *
 * Every statement that spends or credits cards locks them in the order of their ids, after the counters of buyers.
 *
 * @param placed a CTE that returns the whole row of the new order, or no row
 */
export const spendCtes = (placed: SQL): SQL => sql`
  cards_to_spend as (
    select card.id, spent.amount, placed.id as order_id, placed.currency, placed.created_at as at
    from ${placed} placed, jsonb_to_recordset(${sql.placeholder('giftCards')}::jsonb) as spent(id text, amount bigint)
    join ${giftCards} card on card.id = spent.id
    order by card.id for update of card
  ),
  spent_cards as (
    update ${giftCards} card
    set balance = case when card.currency = spent.currency and card.voided_at is null
                         and (card.expires_at is null or card.expires_at > spent.at)
                       then card.balance - spent.amount else -1 end,
        version = card.version + 1, updated_at = greatest(card.updated_at, spent.at)
    from cards_to_spend spent where card.id = spent.id
    returning card.id, card.version, spent.amount, spent.order_id, spent.at
  ),
  spent_entries as (
    insert into ${giftCardEntries} (gift_card_id, seq, kind, amount, order_id, at)
    select id, version, 'spent', -amount, order_id, at from spent_cards
  ),
  ${eventCtes(ordersEvents, {
    name: 'spent_event',
    types: ['gift_card.spent'],
    rows: giftCardPayment('gift_card.spent', sql`select * from ${placed}`, sql`o.gift_card_amount`),
  })}`

/** Whether a statement with {@link spendCtes} failed because a card could not be spent. */
export const isCardUnspendable = (error: unknown): boolean => violationDetail(error, 'gift_cards_balance') !== undefined
