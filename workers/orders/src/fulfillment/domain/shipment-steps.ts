import type { PaymentDue } from '@shop/contracts/orders/edit-failures'
import type {
  OrderChanged,
  OrderLineNotFound,
  OrderRefunded,
  QuantityExceedsToShip,
  ShipmentStatusConflict,
  StatusChangeRefused,
} from '@shop/contracts/orders/failures'
import type { OrderEventType } from '@shop/contracts/orders/states'
import type { ShipmentId } from '@shop/kernel/ids'
import { toMajor } from '@shop/kernel/money'
import { fail, ok, type Result } from '@shop/kernel/result'
import { amountDueOf } from '../../orders/domain/amount-due.ts'
import type { Order, OrderLine } from '../../orders/domain/order.ts'
import { isMoneyReturned } from '../../orders/domain/refund-status.ts'
import { type Changed, type Step, step, UNCHANGED } from '../../orders/domain/steps.ts'
import { isAllDelivered, isAllShipped } from './completion.ts'
import { type Shipment, type ShipmentChange, type ShipmentItem, type Tracking, withShipment } from './shipment.ts'
import { addedUp, leftToShip, withUnits } from './units.ts'

type WantedItem = { lineId: string; quantity: number }
export type ShipRefused = StatusChangeRefused | OrderRefunded | PaymentDue | OrderChanged
type ShipFailure = ShipRefused | OrderLineNotFound | QuantityExceedsToShip

/** The same line may be named several times: its units are added up. */
export type ShipmentDraft = Tracking & { items: WantedItem[]; status: 'packed' | 'shipped' }

/** What to change of a shipment. What is absent stays. */
export type ShipmentUpdate = { [K in keyof Tracking]?: Tracking[K] | undefined } & {
  status?: 'shipped' | 'delivered' | undefined
}

/**
 * Whether units may leave. An order ships only after its lines are out of stock: until then it may still be cancelled for
 * missing stock. It does not ship before what an edit added is paid, and once the customer has all the money again.
 */
export function checkShippable(order: Order): Result<undefined, ShipRefused> {
  if (order.status === 'pending' || order.status === 'cancelled') {
    return fail({ code: 'order_status_conflict', from: order.status, to: 'shipped' })
  }
  if (isMoneyReturned(order)) return fail({ code: 'order_refunded' })
  const due = amountDueOf(order)
  if (due > 0) {
    return fail({ code: 'payment_due', amountDue: toMajor(due, order.currency), currency: order.currency })
  }
  return order.stockCommitted ? ok() : fail({ code: 'order_changed' })
}

/** Decides a new shipment of units that are left to ship. */
export function createShipment(
  order: Order,
  { items, status, ...tracking }: ShipmentDraft,
  { id, at }: { id: ShipmentId; at: Date },
): Result<Changed, ShipFailure> {
  const shippable = checkShippable(order)
  if (!shippable.ok) return shippable
  const taken = takeUnits(order.lines, items, status)
  if (!taken.ok) return taken
  const hasLeft = status === 'shipped'
  const shipment: Shipment = {
    ...{ id, status, ...tracking, items: taken.value.items, createdAt: at, updatedAt: at },
    ...{ shippedAt: hasLeft ? at : null, deliveredAt: null, cancelledAt: null },
  }
  const events = hasLeft ? (['shipment.created', 'shipment.shipped'] as const) : (['shipment.created'] as const)
  const type = hasLeft ? 'shipment_shipped' : 'shipment_created'
  return ok(shipmentStep(order, type, taken.value.lines, { shipment, events }))
}

/** Decides a change of tracking or of status. A change that was made before is unchanged. */
export function updateShipment(
  order: Order,
  known: Shipment,
  update: ShipmentUpdate,
  at: Date,
): Result<Step, ShipRefused | ShipmentStatusConflict> {
  const status: Shipment['status'] = update.status ?? known.status
  const tracked: Shipment = { ...known, ...trackedBy(known, update), updatedAt: at }
  if (known.status === 'cancelled' || (known.status === 'delivered' && status !== 'delivered')) {
    return fail({ code: 'shipment_status_conflict', shipmentId: known.id, shipmentStatus: known.status })
  }
  if (status === known.status) {
    if (isSameTracking(known, tracked)) return ok(UNCHANGED)
    const events = ['shipment.updated'] as const
    return ok(shipmentStep(order, 'shipment_updated', order.lines, { shipment: tracked, events }))
  }
  const leaves = known.status === 'packed'
  const shippable = leaves ? checkShippable(order) : ok()
  if (!shippable.ok) return shippable
  const lines = leaves ? moveUnits(order.lines, known.items, { packed: -1, shipped: 1 }) : order.lines
  const isDelivered = status === 'delivered'
  const shipment: Shipment = {
    ...tracked,
    status,
    shippedAt: known.shippedAt ?? at,
    deliveredAt: isDelivered ? at : null,
  }
  const events = [
    ...(leaves ? (['shipment.shipped'] as const) : []),
    ...(isDelivered ? (['shipment.delivered'] as const) : []),
  ]
  return ok(shipmentStep(order, isDelivered ? 'shipment_delivered' : 'shipment_shipped', lines, { shipment, events }))
}

/** Decides the cancellation of a shipment that has not left: its units are left to ship again. */
export function cancelShipment(order: Order, known: Shipment, at: Date): Result<Step, ShipmentStatusConflict> {
  if (known.status === 'cancelled') return ok(UNCHANGED)
  if (known.status !== 'packed') {
    return fail({ code: 'shipment_status_conflict', shipmentId: known.id, shipmentStatus: known.status })
  }
  const lines = moveUnits(order.lines, known.items, { packed: -1 })
  const shipment: Shipment = { ...known, status: 'cancelled', updatedAt: at, cancelledAt: at }
  return ok(shipmentStep(order, 'shipment_cancelled', lines, { shipment, events: ['shipment.cancelled'] }))
}

/** The step of a shipment. The one that ships the last of an order, or delivers the last, moves the order, too. */
function shipmentStep(order: Order, type: OrderEventType, lines: OrderLine[], made: ShipmentChange): Changed {
  const after: Order = { ...order, lines, shipments: withShipment(order.shipments, made.shipment) }
  const data = { shipmentId: made.shipment.id }
  const shipsLast = order.status === 'processing' && isAllShipped(after)
  const deliversLast = order.status === 'shipped' && isAllDelivered(after)
  const status = shipsLast ? 'shipped' : deliversLast ? 'delivered' : undefined
  if (status === undefined) return { ...step(type, { lines }, data), shipment: made }
  return { ...step(status, { lines, status }, data), shipment: made }
}

/** Takes units for a shipment; refuses more than are left of a line. */
function takeUnits(
  lines: OrderLine[],
  items: readonly WantedItem[],
  as: 'packed' | 'shipped',
): Result<{ lines: OrderLine[]; items: ShipmentItem[] }, OrderLineNotFound | QuantityExceedsToShip> {
  const quantities = addedUp(items)
  for (const [lineId, requested] of quantities) {
    const line = lines.find(({ id }) => id === lineId)
    if (line === undefined) return fail({ code: 'order_line_not_found', lineId })
    const left = leftToShip(line)
    if (requested > left) return fail({ code: 'quantity_exceeds_to_ship', lineId, requested, left })
  }
  const taken = lines.flatMap(({ id: lineId }) => {
    const quantity = quantities.get(lineId)
    return quantity === undefined ? [] : [{ lineId, quantity }]
  })
  return ok({ lines: moveUnits(lines, taken, { [as]: 1 }), items: taken })
}

/** @param by how much each unit of the items adds where */
function moveUnits(
  lines: OrderLine[],
  items: readonly ShipmentItem[],
  by: { packed?: number; shipped?: number },
): OrderLine[] {
  const quantities = addedUp(items)
  return lines.map((line) => {
    const quantity = quantities.get(line.id)
    if (quantity === undefined) return line
    return withUnits(line, { packed: quantity * (by.packed ?? 0), shipped: quantity * (by.shipped ?? 0) })
  })
}

function trackedBy(known: Tracking, { carrier, trackingNumber, trackingUrl }: ShipmentUpdate): Tracking {
  return {
    carrier: carrier === undefined ? known.carrier : carrier,
    trackingNumber: trackingNumber === undefined ? known.trackingNumber : trackingNumber,
    trackingUrl: trackingUrl === undefined ? known.trackingUrl : trackingUrl,
  }
}

const isSameTracking = (one: Tracking, other: Tracking): boolean =>
  one.carrier === other.carrier && one.trackingNumber === other.trackingNumber && one.trackingUrl === other.trackingUrl
