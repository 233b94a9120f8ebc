import { type SQL, sql } from 'drizzle-orm'

/**
 * Statement part: the rows of an event about what gift cards pay of orders `o`. The first of an order's `further_payments` is its payment
 * by gift cards.
 *
 * @param orders selects whole rows of orders after the change
 */
export const giftCardPayment = (type: 'gift_card.spent' | 'gift_card.returned', orders: SQL, amount: SQL): SQL => sql`
  select ${sql.raw(`'${type}'`)}::text as type, o.id as key, o.version as sequence, o.updated_at as created_at,
         jsonb_build_object('orderId', o.id, 'paymentId', o.further_payments[1], 'userId', o.user_id, 'amount', ${amount},
                            'currency', o.currency) as payload
  from (${orders}) o`
