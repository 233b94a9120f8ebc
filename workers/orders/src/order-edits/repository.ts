import { eventCtes } from '@shop/db/events/write'
import { ordersEvents } from '@shop/db/schema/orders'
import { type SQL, sql } from 'drizzle-orm'
import type { OrderChange } from '../orders/domain/order.ts'

const p = (name: keyof EditValues) => sql.placeholder(name)

type EditValues = ReturnType<typeof editValues>

/** The values of the statement parts of an edit. */
export function editValues({ order, editedLines = [], refundDue }: OrderChange) {
  const json = (value: unknown) => (value === null ? null : JSON.stringify(value))
  const { subtotal, discountTotal, taxTotal, total, note } = order
  return {
    ...{ subtotal, discountTotal, taxTotal, total, note },
    adjustments: JSON.stringify(order.adjustments),
    taxLines: JSON.stringify(order.taxLines),
    shippingAddress: json(order.shippingAddress),
    billingAddress: json(order.billingAddress),
    editedLines: JSON.stringify(editedLines),
    storeCredit: refundDue?.storeCredit ?? 0,
  }
}

/** Statement part: the columns that only an edit sets. It begins with a comma. */
export const EDITED_COLUMNS: SQL = sql`, subtotal = ${p('subtotal')}::bigint, discount_total = ${p('discountTotal')}::bigint,
      tax_total = ${p('taxTotal')}::bigint, total = ${p('total')}::bigint,
      adjustments = nullif(${p('adjustments')}::jsonb, '[]'), tax_lines = nullif(${p('taxLines')}::jsonb, '[]'),
      shipping_address = ${p('shippingAddress')}::jsonb, billing_address = ${p('billingAddress')}::jsonb, note = ${p('note')}`

/**
 * Statement part: the CTE that writes the lines of an edit. `changed` is the CTE that returns the order after the change, or no row
 * where another writer won: then this writes nothing, too. New lines come last.
 */
export const EDITED_LINES: SQL = sql`edited_lines as (
  insert into orders.order_lines (id, order_id, position, product_id, variant_id, sku, options, name, category, image_url,
                                  is_gift_card, quantity, unit_price, subtotal, discount, tax, total, adjustments, tax_lines, hold_id)
  select line.id, changed.id,
         (select coalesce(max(known.position), -1) from orders.order_lines known where known.order_id = changed.id)
           + row_number() over (order by edited.ordinality),
         line."productId", line."variantId", line.sku, line.options, line.name, line.category, line."imageUrl",
         line."isGiftCard", line.quantity, line."unitPrice", line.subtotal, line.discount, line.tax, line.total,
         nullif(line.adjustments, '[]'), nullif(line."taxLines", '[]'), line."holdId"
  from changed, jsonb_array_elements(${p('editedLines')}::jsonb) with ordinality edited (value, ordinality),
    jsonb_to_record(edited.value) as line(id text, "productId" bigint, "variantId" bigint, sku text, options jsonb, name text,
      category text, "imageUrl" text, "isGiftCard" boolean, quantity int, "unitPrice" bigint, subtotal bigint, discount bigint, tax bigint,
      total bigint, adjustments jsonb, "taxLines" jsonb, "holdId" text)
  on conflict (id) do update
  set quantity = excluded.quantity, subtotal = excluded.subtotal, discount = excluded.discount, tax = excluded.tax,
      total = excluded.total, adjustments = excluded.adjustments, tax_lines = excluded.tax_lines)`

/** Statement part: the event `order.refund_due`, from which payments makes the refund of this change. */
export const REFUND_DUE: SQL = eventCtes(ordersEvents, {
  name: 'refund_due',
  types: ['order.refund_due'],
  rows: sql`
    select 'order.refund_due'::text as type, changed.id as key, changed.version as sequence, changed.updated_at as created_at,
           jsonb_build_object(
             'orderId', changed.id, 'refundId', due."refundId", 'origin', due.origin, 'amount', due.amount,
             'storeCredit', ${p('storeCredit')}::bigint, 'currency', changed.currency) as payload
    from changed, jsonb_to_record(${sql.placeholder('lineRefund')}::jsonb) as due("refundId" text, origin text, amount bigint)`,
})
