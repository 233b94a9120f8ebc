import type { OrderActor, ReturnStatus } from '@shop/contracts/orders/states'
import type { OrderId, OrderLineId, ReturnId } from '@shop/kernel/ids'

/** Units of a line to return. Each received unit is restocked or written off. */
export type ReturnedItem = {
  lineId: OrderLineId
  quantity: number
  /** One of the shop's reasons at the time of the request. */
  reason: string
  received: number
  restocked: number
  writtenOff: number
}

/** A return of units of an order. */
export type Return = {
  id: ReturnId
  status: ReturnStatus
  requestedBy: OrderActor
  items: ReturnedItem[]
  /** By the customer, or the staff member, who requested the return. */
  note: string | null
  refuseReason: string | null
  /** The new order of an exchange. */
  exchangeOrderId: OrderId | null
  /** How many times units were received. */
  receipts: number
  createdAt: Date
  updatedAt: Date
  approvedAt: Date | null
  refusedAt: Date | null
  cancelledAt: Date | null
  /** When units were last received. */
  receivedAt: Date | null
  closedAt: Date | null
}

/** The events that a change of a return can have. */
export type ReturnEventType =
  | 'return.requested'
  | 'return.approved'
  | 'return.refused'
  | 'return.cancelled'
  | 'return.received'
  | 'return.exchanged'
  | 'return.closed'

/** A return after a change, with the events of the change. */
export type ReturnChange = { made: Return; events: readonly ReturnEventType[] }

/** The returns with one of them replaced by its new state; a new one comes last. */
export function withReturn(returns: readonly Return[], changed: Return): Return[] {
  const isNew = returns.every(({ id }) => id !== changed.id)
  return isNew ? [...returns, changed] : returns.map((one) => (one.id === changed.id ? changed : one))
}

/** Units that the return still expects. */
export const leftToReceive = ({ quantity, received }: ReturnedItem): number => quantity - received
