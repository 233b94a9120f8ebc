import { eventCtes } from '@shop/db/events/write'
import { ordersEvents } from '@shop/db/schema/orders'
import { giftCardEntries, giftCards } from '@shop/db/schema/orders-gift-cards'
import { type SQL, sql } from 'drizzle-orm'
import { giftCardPayment } from './payment-event.ts'

/** A card that is credited can be spent for at least this long. */
const DAYS_TO_SPEND = sql`interval '30 days'`

/** Statement part: the new expiry of a card that is credited at `at`. */
export const endAfterCredit = (card: SQL, at: SQL): SQL => sql`
  case when ${card}.expires_at is not null then greatest(${card}.expires_at, ${at} + ${DAYS_TO_SPEND}) end`

/**
 * Statement part: the rows of the events of cards that got something back and whose codes nobody knows: those of exchanges, which were
 * issued and spent at once.
 *
 * @param cards a CTE that returns id, version, source, currency, order_id, refund_id, updated_at and the amount of each
 */
export const restoredEventCtes = (cards: SQL): SQL =>
  eventCtes(ordersEvents, {
    name: 'restored_event',
    types: ['gift_card.restored'],
    rows: sql`
      select 'gift_card.restored' as type, card.id as key, card.version as sequence, card.updated_at as created_at,
             jsonb_build_object('giftCardId', card.id, 'source', card.source, 'amount', card.amount,
                                'currency', card.currency, 'orderId', card.order_id, 'refundId', card.refund_id) as payload
      from ${cards} card where card.source = 'exchange'`,
  })

/**
 * Statement part: the CTE `cards_owed`, with what each gift card still has to get back of orders: what it paid, less what it was
 * refunded.
 *
 * @param orders selects the id of each order
 */
export const cardsOwedCte = (orders: SQL): SQL => sql`
  cards_owed as (
    select entry.order_id, entry.gift_card_id, -sum(entry.amount) as amount
    from ${giftCardEntries} entry
    where entry.order_id in (${orders}) and entry.kind in ('spent', 'returned', 'refunded')
    group by entry.order_id, entry.gift_card_id having sum(entry.amount) < 0
  )`

/**
 * Statement part: what this statement returns to the gift cards of an order. If a concurrent refund that this statement does not see
 * was first, the new sum violates a constraint of orders.
 */
export const owedOf = (orderId: SQL): SQL => sql`
  coalesce((select sum(owed.amount) from cards_owed owed where owed.order_id = ${orderId}), 0)::bigint`

/**
 * Statement part: the CTEs that return the amounts of {@link cardsOwedCte} to the gift cards, for every statement that cancels orders. An
 * expired card can be spent again; a voided card is credited, but cannot be spent.
 *
 * @param cancelled a CTE that returns the whole row of each cancelled order
 * @param before a CTE that locks other rows, such as those of buyers: all its locks are taken before those of cards
 */
export const returnCardsCtes = (cancelled: SQL, before: SQL): SQL => sql`
  cards_to_return as (
    select card.id from ${giftCards} card
    where card.id in (
      select owed.gift_card_id from cards_owed owed join ${cancelled} cancelled on cancelled.id = owed.order_id)
      and (select count(*) from ${before}) >= 0
    order by card.id for update of card
  ),
  returned_cards as (
    update ${giftCards} card
    set balance = card.balance + given.amount, version = card.version + given.orders,
        updated_at = greatest(card.updated_at, given.at), expires_at = ${endAfterCredit(sql`card`, sql`given.at`)}
    from (
      select owed.gift_card_id, sum(owed.amount) as amount, count(*)::int as orders, max(cancelled.updated_at) as at
      from cards_owed owed join ${cancelled} cancelled on cancelled.id = owed.order_id
      group by owed.gift_card_id) given, cards_to_return
    where card.id = given.gift_card_id and card.id = cards_to_return.id
    returning card.id, card.version, card.source, card.currency, card.order_id, card.refund_id, card.updated_at,
              given.orders, given.amount
  ),
  ${restoredEventCtes(sql`returned_cards`)},
  returned_entries as (
    insert into ${giftCardEntries} (gift_card_id, seq, kind, amount, order_id, at)
    select card.id, card.version - card.orders + row_number() over (partition by card.id order by owed.order_id),
           'returned', owed.amount, owed.order_id, cancelled.updated_at
    from returned_cards card join cards_owed owed on owed.gift_card_id = card.id
    join ${cancelled} cancelled on cancelled.id = owed.order_id
    returning order_id, amount
  ),
  ${eventCtes(ordersEvents, {
    name: 'returned_event',
    types: ['gift_card.returned'],
    rows: giftCardPayment(
      'gift_card.returned',
      sql`select cancelled.*, (
            select sum(entry.amount) from returned_entries entry where entry.order_id = cancelled.id) as returned_now
          from ${cancelled} cancelled where cancelled.id in (select order_id from returned_entries)`,
      sql`o.returned_now`,
    ),
  })}`
