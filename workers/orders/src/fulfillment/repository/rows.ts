import { sql } from 'drizzle-orm'
import type { LineRefund } from '../domain/line-refund.ts'
import type { Shipment } from '../domain/shipment.ts'

type ShipmentInstants = 'createdAt' | 'updatedAt' | 'shippedAt' | 'deliveredAt' | 'cancelledAt'
export type ShipmentJson = Omit<Shipment, ShipmentInstants> & {
  [K in ShipmentInstants]: Shipment[K] extends Date ? string : string | null
}
export type LineRefundJson = Omit<LineRefund, 'createdAt'> & { createdAt: string }

/** Statement part: what became of the units of an order line `line`, as JSON. */
export const LINE_UNITS_JSON = sql`json_build_object(
  'packed', line.packed, 'shipped', line.shipped, 'removed', line.removed, 'refunded', line.refunded,
  'refundedAmount', line.refunded_amount, 'returning', line."returning", 'returned', line.returned)`

/** Statement part: the shipments of an order `o`, oldest first, as one JSON value. Index: shipments_of_order. */
export const SHIPMENTS_JSON = sql`(
  select coalesce(json_agg(json_build_object(
    'id', s.id, 'status', s.status, 'carrier', s.carrier, 'trackingNumber', s.tracking_number, 'trackingUrl', s.tracking_url,
    'createdAt', s.created_at, 'updatedAt', s.updated_at, 'shippedAt', s.shipped_at, 'deliveredAt', s.delivered_at,
    'cancelledAt', s.cancelled_at, 'items', (
      select json_agg(json_build_object('lineId', item.line_id, 'quantity', item.quantity) order by ordered.position)
      from orders.shipment_lines item join orders.order_lines ordered on ordered.id = item.line_id
      where item.shipment_id = s.id)
  ) order by s.created_at, s.id), '[]')
  from orders.shipments s where s.order_id = o.id)`

/** Statement part: the refunds by line of an order `o`, oldest first, as one JSON value. Index: line_refunds_of_order. */
export const LINE_REFUNDS_JSON = sql`(
  select coalesce(json_agg(json_build_object(
    'refundId', r.refund_id, 'origin', r.origin, 'state', r.state, 'amount', r.amount, 'items', r.items, 'shipping', r.shipping,
    'restockingFee', r.restocking_fee, 'returnId', r.return_id, 'createdAt', r.created_at
  ) order by r.created_at, r.refund_id), '[]')
  from orders.line_refunds r where r.order_id = o.id)`

export function toShipment({
  createdAt,
  updatedAt,
  shippedAt,
  deliveredAt,
  cancelledAt,
  ...shipment
}: ShipmentJson): Shipment {
  return {
    ...shipment,
    createdAt: new Date(createdAt),
    updatedAt: new Date(updatedAt),
    shippedAt: instantOf(shippedAt),
    deliveredAt: instantOf(deliveredAt),
    cancelledAt: instantOf(cancelledAt),
  }
}

export const toLineRefund = ({ createdAt, ...refund }: LineRefundJson): LineRefund => ({
  ...refund,
  createdAt: new Date(createdAt),
})

const instantOf = (text: string | null): Date | null => (text === null ? null : new Date(text))
