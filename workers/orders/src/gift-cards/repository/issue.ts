import { eventCtes } from '@shop/db/events/write'
import { ordersEvents } from '@shop/db/schema/orders'
import { giftCardEntries, giftCards } from '@shop/db/schema/orders-gift-cards'
import { type SQL, sql } from 'drizzle-orm'
import type { NewGiftCard } from '../domain/gift-card.ts'

/**
 * Statement part: the CTEs that issue cards: their rows in `issued_cards`, their entries and events. Cards that exist are left
 * unchanged, so that a retry issues nothing.
 *
 * @param cards a JSON array of cards
 */
export const issueCtes = (cards: SQL): SQL => sql`
  issued_cards as (
    insert into ${giftCards} (id, code_hash, last_four, currency, initial_balance, balance, source, order_id, line_id, unit,
                              refund_id, recipient_email, note, expires_at, created_at, updated_at)
    select new.id, new."codeHash", new."lastFour", new.currency, new."initialBalance", new."initialBalance", new.source,
           new."orderId", new."lineId", new.unit, new."refundId", new."recipientEmail", new.note, new."expiresAt",
           new."createdAt", new."createdAt"
    from jsonb_to_recordset(${cards}::jsonb) as new(id text, "codeHash" text, "lastFour" text, currency text,
      "initialBalance" bigint, source text, "orderId" text, "lineId" text, unit int, "refundId" text, "recipientEmail" text,
      note text, "expiresAt" timestamptz, "createdAt" timestamptz)
    order by new.id
    on conflict (id) do nothing
    returning *
  ),
  issued_entries as (
    insert into ${giftCardEntries} (gift_card_id, seq, kind, amount, order_id, refund_id, at)
    select id, 1, 'issued', initial_balance, order_id, refund_id, created_at from issued_cards
  ),
  ${eventCtes(ordersEvents, {
    name: 'issued_event',
    types: ['gift_card.issued'],
    rows: sql`
      select 'gift_card.issued' as type, id as key, 1 as sequence, created_at,
             jsonb_build_object('giftCardId', id, 'source', source, 'amount', initial_balance, 'currency', currency,
                                'orderId', order_id, 'refundId', refund_id) as payload
      from issued_cards`,
  })}`

/** The value of `cards` of {@link issueCtes}. */
export const cardValues = (cards: readonly NewGiftCard[]): string => JSON.stringify(cards)
