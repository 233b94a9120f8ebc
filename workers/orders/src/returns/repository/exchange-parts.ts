import { eventCtes } from '@shop/db/events/write'
import { ordersEvents } from '@shop/db/schema/orders'
import { type SQL, sql } from 'drizzle-orm'
import { cardValues, issueCtes } from '../../gift-cards/repository/issue.ts'
import type { OrderChange } from '../../orders/domain/order.ts'

const p = (name: 'creditAmount' | 'creditCard') => sql.placeholder(name)

/** What {@link REFUND_DUE} and {@link STORE_CREDIT} need of a change. */
export const exchangeValues = ({ refundDue, storeCredit }: OrderChange) => ({
  creditAmount: refundDue?.storeCredit ?? 0,
  creditCard: cardValues(storeCredit === undefined ? [] : [storeCredit]),
})

/** Statement part: the event by which payments makes the refund by line of a change. */
export const REFUND_DUE: SQL = eventCtes(ordersEvents, {
  name: 'refund_due',
  types: ['order.refund_due'],
  rows: sql`
    select 'order.refund_due'::text as type, changed.id as key, changed.version as sequence, changed.updated_at as created_at,
           jsonb_build_object(
             'orderId', changed.id, 'refundId', due."refundId", 'origin', due.origin, 'amount', due.amount,
             'storeCredit', ${p('creditAmount')}::bigint, 'currency', changed.currency) as payload
    from changed, jsonb_to_record(${sql.placeholder('lineRefund')}::jsonb) as due("refundId" text, origin text, amount bigint)`,
})

/** Statement part: the card with the value of returned units. None is issued where another writer changed the order. */
export const STORE_CREDIT: SQL = issueCtes(
  sql`(select case when exists (select from changed) then ${p('creditCard')} else '[]' end)`,
)
