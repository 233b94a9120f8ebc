import type { EventType } from '@shop/contracts/events/catalogue'
import type { Consumer } from '@shop/contracts/events/define'
import type { OrderEventType, PartStepType } from '@shop/contracts/orders/states'
import type { Db } from '@shop/db/client'
import { eventCtes } from '@shop/db/events/write'
import { ordersDeliveries, ordersEventRows, ordersEvents } from '@shop/db/schema/orders'
import { type SQL, sql } from 'drizzle-orm'
import type { Order } from '../orders/domain/order.ts'
import { ORDER_JSON, type OrderRow, toOrder } from '../orders/repository/rows.ts'

export type CancellationRepository = ReturnType<typeof cancellationRepository>

export const cancellationRepository = (db: Db) => ({
  /**
   * The orders of those events that are `order.cancelled` and unconfirmed by payments. None for another consumer, whose
   * confirmation says nothing about the money, and so frees no stock.
   */
  async listOpen({
    consumer,
    eventIds,
  }: {
    consumer: Consumer
    eventIds: number[]
  }): Promise<{ eventId: number; order: Order }[]> {
    if (consumer !== 'payments' || eventIds.length === 0) return []
    const { rows } = await db.execute<
      OrderRow & { eventId: string }
    >(sql`select e.id as "eventId", ${ORDER_JSON} as order
      from ${ordersEventRows} e
      join ${ordersDeliveries} d on d.event_id = e.id and d.consumer = ${consumer} and d.confirmed_at is null
      join orders.orders o on o.id = e.key
      where e.id in ${eventIds} and e.type = 'order.cancelled' and o.status = 'cancelled'
      order by e.id`)
    return rows.map((row) => ({ eventId: Number(row.eventId), order: toOrder(row) }))
  },
})

/** The others are events of a shipment or a return. */
type OrderEvent = Exclude<OrderEventType, PartStepType>

/**
 * Statement part: the CTEs that write the event `order.<type>` of each row of `source`, a CTE that returns whole rows of
 * orders as they are after the change.
 *
 * @param details jsonb that is added to the payload
 */
export const orderEventCtes = (source: SQL, type: OrderEvent, details: SQL = sql`'{}'::jsonb`): SQL =>
  eventCtes(ordersEvents, {
    name: 'shop_event',
    types: [`order.${type}`],
    rows: eventRow(source, type, sql`o.version`, details),
  })

/** The same for `order.claimed`, which is no change of the order: its version stays. */
export const claimEventCtes = (source: SQL): SQL =>
  eventCtes(ordersEvents, {
    name: 'shop_event',
    types: ['order.claimed'],
    rows: sql`
      select 'order.claimed' as type, o.id as key, o.version as sequence, o.claimed_at as created_at, ${PAYLOAD} as payload
      from ${source} o`,
  })

/** The same for an order that is paid by placing it: `order.placed`, as every order begins, and `order.paid`. */
export const paidByPlacingCtes = (source: SQL): SQL =>
  eventCtes(ordersEvents, {
    name: 'shop_event',
    types: ['order.placed', 'order.paid'],
    rows: sql`
      ${eventRow(source, 'placed', sql`1`, sql`'{"status": "pending", "paymentStatus": "unpaid"}'::jsonb`)}
      union all
      ${eventRow(source, 'paid', sql`o.version`, sql`'{}'::jsonb`)}`,
  })

/** A part of an order with events of its own: what the CTE that writes it is called, and what its events say of it. */
type EventPart = { cte: 'shipment' | 'returned'; name: string; payload: SQL }

/**
 * Statement part: the CTEs that write events of one part of an order. `changed` is the CTE that returns the order after the change; its
 * version is the sequence of the events.
 */
export function partEventCtes(types: readonly EventType[], { cte, name, payload }: EventPart): SQL {
  const names = sql.join(
    types.map((type) => sql`(${type})`),
    sql`, `,
  )
  return eventCtes(ordersEvents, {
    name,
    types,
    rows: sql`
      select event.type, changed.id as key, changed.version as sequence, changed.updated_at as created_at, ${payload} as payload
      from changed, ${sql.identifier(cte)}, (values ${names}) event (type)`,
  })
}

const eventRow = (source: SQL, type: OrderEvent, sequence: SQL, details: SQL): SQL => sql`
  select ${sql.raw(`'order.${type}'`)}::text as type, o.id as key, ${sequence} as sequence, o.updated_at as created_at,
         ${PAYLOAD} || ${details} as payload
  from ${source} o`

const PAYLOAD = sql`jsonb_build_object(
  'orderId', o.id, 'userId', o.user_id, 'status', o.status, 'paymentStatus', o.payment_status,
  'cancelReason', o.cancel_reason, 'total', o.total, 'currency', o.currency, 'capturedAmount', o.captured_amount,
  'refundedAmount', o.refunded_amount, 'paymentId', o.payment_id)`

/** Statement part: whether the cancellation of order `o` waits for payments to confirm it. Index: events_change. */
export const isCancellationOpen: SQL = sql`exists (
  select from ${ordersEventRows} e join ${ordersDeliveries} d on d.event_id = e.id and d.consumer = 'payments'
  where e.key = o.id and e.type = 'order.cancelled' and d.confirmed_at is null)`
