import { type SQL, sql } from 'drizzle-orm'
import { partEventCtes } from '../../events/repository.ts'
import type { OrderChange } from '../../orders/domain/order.ts'
import type { ReturnEventType } from '../domain/return.ts'

type ReturnValues = { returned: string }

const RETURNED = sql.placeholder('returned' satisfies keyof ReturnValues)

/** What {@link returnCtes} need of a change, as JSON. */
export const returnValues = ({ returned }: OrderChange): ReturnValues => ({
  returned: JSON.stringify(returned?.made ?? null),
})

/**
 * Statement part: the CTEs that write a return with its items and its events; none where the change has no return. `changed` is the
 * CTE that returns the order after the change, or no row where another writer won: then these write nothing, too.
 */
export const returnCtes = (events: readonly ReturnEventType[]): SQL[] =>
  events.length === 0 ? [] : [RETURN, ITEMS, returnEvents(events)]

const RETURN = sql`returned as (
  insert into orders.returns (id, order_id, status, requested_by, note, refuse_reason, receipts, created_at, updated_at,
                              approved_at, refused_at, cancelled_at, received_at, closed_at)
  select r.id, changed.id, r.status, r."requestedBy", r.note, r."refuseReason", r.receipts, r."createdAt", r."updatedAt",
         r."approvedAt", r."refusedAt", r."cancelledAt", r."receivedAt", r."closedAt"
  from changed, jsonb_to_record(${RETURNED}::jsonb) as r(id text, status text, "requestedBy" jsonb, note text,
    "refuseReason" text, receipts int, "createdAt" timestamptz, "updatedAt" timestamptz, "approvedAt" timestamptz,
    "refusedAt" timestamptz, "cancelledAt" timestamptz, "receivedAt" timestamptz, "closedAt" timestamptz)
  on conflict (id) do update
  set status = excluded.status, refuse_reason = excluded.refuse_reason, receipts = excluded.receipts,
      updated_at = excluded.updated_at, approved_at = excluded.approved_at, refused_at = excluded.refused_at,
      cancelled_at = excluded.cancelled_at, received_at = excluded.received_at, closed_at = excluded.closed_at
  returning id, status)`

/** Which lines a return has, how many units of each and why never change. */
const ITEMS = sql`return_items as (
  insert into orders.return_lines (return_id, line_id, quantity, reason, received, restocked, written_off)
  select returned.id, item."lineId", item.quantity, item.reason, item.received, item.restocked, item."writtenOff"
  from returned, jsonb_to_recordset(${RETURNED}::jsonb->'items') as item("lineId" text, quantity int, reason text,
    received int, restocked int, "writtenOff" int)
  on conflict (return_id, line_id) do update
  set received = excluded.received, restocked = excluded.restocked, written_off = excluded.written_off)`

/** The events of one return, with the version of its order as their sequence. */
const returnEvents = (types: readonly ReturnEventType[]): SQL =>
  partEventCtes(types, {
    cte: 'returned',
    name: 'return_event',
    payload: sql`jsonb_build_object(
      'orderId', changed.id, 'userId', changed.user_id, 'returnId', returned.id, 'returnStatus', returned.status,
      'exchangeOrderId', ${RETURNED}::jsonb->'exchangeOrderId', 'items', ${RETURNED}::jsonb->'items')`,
  })
