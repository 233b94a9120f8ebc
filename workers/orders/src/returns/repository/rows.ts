import { sql } from 'drizzle-orm'
import type { Return } from '../domain/return.ts'

type Instants = 'createdAt' | 'updatedAt' | 'approvedAt' | 'refusedAt' | 'cancelledAt' | 'receivedAt' | 'closedAt'
export type ReturnJson = Omit<Return, Instants> & {
  [K in Instants]: Return[K] extends Date ? string : string | null
}

/** Statement part: the returns of an order `o`, oldest first, as one JSON value. Index: returns_of_order. */
export const RETURNS_JSON = sql`(
  select coalesce(json_agg(json_build_object(
    'id', ret.id, 'status', ret.status, 'requestedBy', ret.requested_by, 'note', ret.note, 'refuseReason', ret.refuse_reason,
    'exchangeOrderId', (select exchanged.id from orders.orders exchanged where exchanged.exchange_of = ret.id),
    'receipts', ret.receipts, 'createdAt', ret.created_at, 'updatedAt', ret.updated_at, 'approvedAt', ret.approved_at,
    'refusedAt', ret.refused_at, 'cancelledAt', ret.cancelled_at, 'receivedAt', ret.received_at, 'closedAt', ret.closed_at,
    'items', (
      select json_agg(json_build_object(
        'lineId', item.line_id, 'quantity', item.quantity, 'reason', item.reason, 'received', item.received,
        'restocked', item.restocked, 'writtenOff', item.written_off) order by ordered.position)
      from orders.return_lines item join orders.order_lines ordered on ordered.id = item.line_id
      where item.return_id = ret.id)
  ) order by ret.created_at, ret.id), '[]')
  from orders.returns ret where ret.order_id = o.id)`

export function toReturn(json: ReturnJson): Return {
  return {
    ...json,
    createdAt: new Date(json.createdAt),
    updatedAt: new Date(json.updatedAt),
    approvedAt: instantOf(json.approvedAt),
    refusedAt: instantOf(json.refusedAt),
    cancelledAt: instantOf(json.cancelledAt),
    receivedAt: instantOf(json.receivedAt),
    closedAt: instantOf(json.closedAt),
  }
}

const instantOf = (text: string | null): Date | null => (text === null ? null : new Date(text))
