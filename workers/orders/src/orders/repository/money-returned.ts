import { sql } from 'drizzle-orm'

/** Whether the customer has all the money of order `o` again, as `isMoneyReturned` decides it. */
export const IS_MONEY_RETURNED = sql`(o.payment_status = 'refunded' or (
  o.payment_status <> 'partially_paid' and o.captured_amount + o.gift_card_amount > 0
  and o.refunded_amount + coalesce(o.charged_back_amount, 0) >= o.captured_amount + o.gift_card_amount))`
