import type { OrderActor, ReturnStatus } from '@shop/contracts/orders/states'
import type { OrderId, OrderLineId, ReturnId } from '@shop/kernel/ids'

/** Units of a line that come back. Each one that is received goes back on sale, or is written off. */
export type ReturnedItem = {
  lineId: OrderLineId
  quantity: number
  /** One of the shop's reasons when it was requested. */
  reason: string
  received: number
  restocked: number
  writtenOff: number
}

/** Goods of an order that its customer sends back. */
export type Return = {
  id: ReturnId
  status: ReturnStatus
  requestedBy: OrderActor
  items: ReturnedItem[]
  /** Of who requested it. */
  note: string | null
  refuseReason: string | null
  /** The order that its units were exchanged for. */
  exchangeOrderId: OrderId | null
  /** How often units of it were received. */
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

/** The events of a return: what a change did to it. */
export type ReturnEventType =
  | 'return.requested'
  | 'return.approved'
  | 'return.refused'
  | 'return.cancelled'
  | 'return.received'
  | 'return.exchanged'
  | 'return.closed'

/** A return as a change leaves it, with the events of the change. */
export type ReturnChange = { made: Return; events: readonly ReturnEventType[] }

/** The returns with one of them as it is now; a new one comes last. */
export function withReturn(returns: readonly Return[], changed: Return): Return[] {
  const isNew = returns.every(({ id }) => id !== changed.id)
  return isNew ? [...returns, changed] : returns.map((one) => (one.id === changed.id ? changed : one))
}

/** Units that the return still expects. */
export const leftToReceive = ({ quantity, received }: ReturnedItem): number => quantity - received
