import { statement } from '@shop/db/statement'
import { sql } from 'drizzle-orm'
import {
  LINE_REFUNDS_JSON,
  LINE_UNITS_JSON,
  type LineRefundJson,
  SHIPMENTS_JSON,
  type ShipmentJson,
  toLineRefund,
  toShipment,
} from '../../fulfillment/repository/rows.ts'
import { RETURNS_JSON, type ReturnJson, toReturn } from '../../returns/repository/rows.ts'
import type { Order, OrderEvent } from '../domain/order.ts'

type Instants = 'createdAt' | 'updatedAt' | 'expiresAt'
/** Of what may never happen. */
type PastInstants = 'claimedAt' | 'erasedAt'
/** What is paid of an order. */
type OrderPayment = Pick<
  Order,
  | 'paymentId'
  | 'furtherPayments'
  | 'chargeNo'
  | 'chargedAmount'
  | 'giftCardAmount'
  | 'giftCardReturned'
  | 'creditedAmount'
  | 'capturedAmount'
  | 'refundedAmount'
  | 'invoiced'
  | 'refundFailed'
  | 'disputedAmount'
  | 'chargedBackAmount'
>
export type OrderJson = Omit<
  Order,
  Instants | PastInstants | keyof OrderPayment | 'shipments' | 'lineRefunds' | 'returns'
> &
  Record<Instants, string> &
  Record<PastInstants, string | null> & {
    payment: OrderPayment
    shipments: ShipmentJson[]
    lineRefunds: LineRefundJson[]
    returns: ReturnJson[]
  }
export type OrderRow = { order: OrderJson }

/**
 * Statement part: an order `o` with its lines as one JSON value, so one query reads it and its numbers are numbers. Without lines that
 * were edited away. A function takes 100 arguments at most, so what is paid is an object of its own.
 */
export const ORDER_JSON = sql`json_build_object(
  'id', o.id, 'number', o.number, 'userId', o.user_id, 'claimedAt', o.claimed_at, 'erasedAt', o.erased_at, 'email', o.email, 'status', o.status,
  'paymentStatus', o.payment_status, 'fulfillmentStatus', o.fulfillment_status, 'cancelReason', o.cancel_reason,
  'subtotal', o.subtotal, 'discountTotal', o.discount_total,
  'shippingTotal', o.shipping_total, 'taxTotal', o.tax_total, 'total', o.total, 'currency', o.currency,
  'pricesIncludeTax', o.prices_include_tax, 'shipping', o.shipping, 'adjustments', coalesce(o.adjustments, '[]'),
  'taxLines', coalesce(o.tax_lines, '[]'), 'taxExemption', o.tax_exemption, 'taxProvider', o.tax_provider,
  'taxCalculationId', o.tax_calculation_id, 'vatId', o.vat_id,
  'shippingAddress', o.shipping_address, 'billingAddress', o.billing_address, 'note', o.note, 'cartId', o.cart_id, 'exchangeOf', o.exchange_of,
  'createdAt', o.created_at, 'updatedAt', o.updated_at, 'expiresAt', o.expires_at, 'stockCommitted', o.stock_committed,
  'payment', json_build_object(
    'paymentId', o.payment_id, 'furtherPayments', coalesce(to_jsonb(o.further_payments), '[]'), 'chargeNo', o.charge_no, 'chargedAmount', o.charged_amount,
    'giftCardAmount', o.gift_card_amount, 'giftCardReturned', o.gift_card_returned, 'creditedAmount', o.credited_amount,
    'capturedAmount', o.captured_amount, 'refundedAmount', o.refunded_amount, 'invoiced', o.invoiced,
    'refundFailed', coalesce(o.refund_failed, false), 'disputedAmount', coalesce(o.disputed_amount, 0),
    'chargedBackAmount', coalesce(o.charged_back_amount, 0)),
  'metadata', o.metadata, 'version', o.version, 'lines', (
    select coalesce(json_agg(json_build_object(
      'id', line.id, 'productId', line.product_id, 'variantId', line.variant_id, 'sku', line.sku, 'options', line.options,
      'name', line.name, 'category', line.category, 'imageUrl', line.image_url, 'isGiftCard', line.is_gift_card, 'quantity', line.quantity,
      'unitPrice', line.unit_price, 'subtotal', line.subtotal, 'discount', line.discount, 'tax', line.tax,
      'total', line.total, 'adjustments', coalesce(line.adjustments, '[]'), 'taxLines', coalesce(line.tax_lines, '[]'),
      'units', ${LINE_UNITS_JSON}, 'holdId', line.hold_id
    ) order by line.position), '[]')
    from orders.order_lines line where line.order_id = o.id and line.quantity > 0),
  'shipments', ${SHIPMENTS_JSON}, 'lineRefunds', ${LINE_REFUNDS_JSON}, 'returns', ${RETURNS_JSON})`

export function toOrder({ order }: OrderRow): Order {
  const { createdAt, updatedAt, expiresAt, claimedAt, erasedAt, shipments, lineRefunds, returns, payment, ...rest } =
    order
  return {
    ...rest,
    ...payment,
    claimedAt: claimedAt === null ? null : new Date(claimedAt),
    erasedAt: erasedAt === null ? null : new Date(erasedAt),
    createdAt: new Date(createdAt),
    updatedAt: new Date(updatedAt),
    expiresAt: new Date(expiresAt),
    shipments: shipments.map(toShipment),
    lineRefunds: lineRefunds.map(toLineRefund),
    returns: returns.map(toReturn),
  }
}

/** Reads one order as an {@link OrderRow}. */
export const findStatement = statement<{ id: string }>(
  () => sql`select ${ORDER_JSON} as order from orders.orders o where o.id = ${sql.placeholder('id')}`,
)

type EventJson = Omit<OrderEvent, 'at'> & { at: string }
export type EventsRow = OrderRow & { events: EventJson[] }

/** Statement part: the history of an order `o`, oldest first, as one JSON value. */
export const EVENTS_JSON = sql`(
  select coalesce(json_agg(json_build_object(
    'orderId', event.order_id, 'seq', event.seq, 'type', event.type, 'at', event.at,
    'actor', event.actor, 'data', event.data
  ) order by event.seq), '[]')
  from orders.order_events event where event.order_id = o.id)`

export function toEvents({ events }: EventsRow): OrderEvent[] {
  return events.map((event) => ({ ...event, at: new Date(event.at) }))
}
