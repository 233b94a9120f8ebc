import { type SQL, sql } from 'drizzle-orm'
import { partEventCtes } from '../../events/repository.ts'
import type { OrderChange } from '../../orders/domain/order.ts'
import type { ShipmentEventType } from '../domain/shipment.ts'

const p = (name: keyof FulfillmentValues) => sql.placeholder(name)

type FulfillmentValues = { lines: string; shipment: string; lineRefund: string }

/** What {@link fulfillmentCtes} need of a change, as JSON. */
export function fulfillmentValues({ lines = [], shipment, lineRefund }: OrderChange): FulfillmentValues {
  return {
    lines: JSON.stringify(lines.map(({ id, units }) => ({ id, ...units }))),
    shipment: JSON.stringify(shipment?.shipment ?? null),
    lineRefund: JSON.stringify(lineRefund ?? null),
  }
}

/** What of fulfillment a change writes beside the order: the parts that its statement needs. */
export type FulfillmentParts = { lines: boolean; events: readonly ShipmentEventType[]; lineRefund: boolean }

export const partsOf = ({ lines = [], shipment, lineRefund }: OrderChange): FulfillmentParts => ({
  lines: lines.length > 0,
  events: shipment?.events ?? [],
  lineRefund: lineRefund !== undefined,
})

/**
 * Statement part: the CTEs that write the units of lines, a shipment with its events, and a refund by line. `changed` is the CTE
 * that returns the order after the change, or no row where another writer won: then these write nothing, too.
 */
export function fulfillmentCtes({ lines, events, lineRefund }: FulfillmentParts): SQL[] {
  return [
    ...(lines ? [UNITS] : []),
    ...(events.length > 0 ? [SHIPMENT, SHIPMENT_ITEMS, shipmentEvents(events)] : []),
    ...(lineRefund ? [LINE_REFUND] : []),
  ]
}

const UNITS = sql`units as (
  update orders.order_lines line
  set packed = u.packed, shipped = u.shipped, removed = u.removed, refunded = u.refunded,
      refunded_amount = u."refundedAmount", "returning" = u."returning", returned = u.returned
  from changed, jsonb_to_recordset(${p('lines')}::jsonb) as u(id text, packed int, shipped int, removed int, refunded int,
    "refundedAmount" bigint, "returning" int, returned int)
  where line.id = u.id and line.order_id = changed.id)`

const SHIPMENT = sql`shipment as (
  insert into orders.shipments (id, order_id, status, carrier, tracking_number, tracking_url, created_at, updated_at,
                                shipped_at, delivered_at, cancelled_at)
  select s.id, changed.id, s.status, s.carrier, s."trackingNumber", s."trackingUrl", s."createdAt", s."updatedAt",
         s."shippedAt", s."deliveredAt", s."cancelledAt"
  from changed, jsonb_to_record(${p('shipment')}::jsonb) as s(id text, status text, carrier text, "trackingNumber" text,
    "trackingUrl" text, "createdAt" timestamptz, "updatedAt" timestamptz, "shippedAt" timestamptz,
    "deliveredAt" timestamptz, "cancelledAt" timestamptz)
  on conflict (id) do update
  set status = excluded.status, carrier = excluded.carrier, tracking_number = excluded.tracking_number,
      tracking_url = excluded.tracking_url, updated_at = excluded.updated_at, shipped_at = excluded.shipped_at,
      delivered_at = excluded.delivered_at, cancelled_at = excluded.cancelled_at
  returning id, status)`

/** Those of a shipment never change. */
const SHIPMENT_ITEMS = sql`shipment_items as (
  insert into orders.shipment_lines (shipment_id, line_id, quantity)
  select shipment.id, item."lineId", item.quantity
  from shipment, jsonb_to_recordset(${p('shipment')}::jsonb->'items') as item("lineId" text, quantity int)
  on conflict (shipment_id, line_id) do nothing)`

/** The events of one shipment, with the version of its order as their sequence. */
const shipmentEvents = (types: readonly ShipmentEventType[]): SQL =>
  partEventCtes(types, {
    cte: 'shipment',
    name: 'shipment_event',
    payload: sql`jsonb_build_object(
      'orderId', changed.id, 'userId', changed.user_id, 'status', changed.status,
      'fulfillmentStatus', changed.fulfillment_status, 'shipmentId', shipment.id,
      'shipmentStatus', shipment.status, 'items', ${p('shipment')}::jsonb->'items')`,
  })

const LINE_REFUND = sql`line_refund as (
  insert into orders.line_refunds (refund_id, order_id, origin, state, amount, items, shipping, restocking_fee, return_id,
                                   created_at)
  select r."refundId", changed.id, r.origin, r.state, r.amount, r.items, r.shipping, r."restockingFee", r."returnId",
         r."createdAt"
  from changed, jsonb_to_record(${p('lineRefund')}::jsonb) as r("refundId" text, origin text, state text, amount bigint, items jsonb,
    shipping bigint, "restockingFee" bigint, "returnId" text, "createdAt" timestamptz)
  on conflict (refund_id) do update
  set state = excluded.state, amount = excluded.amount, items = excluded.items, shipping = excluded.shipping,
      restocking_fee = excluded.restocking_fee, return_id = excluded.return_id, created_at = excluded.created_at)`
