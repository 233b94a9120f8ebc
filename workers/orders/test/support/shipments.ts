import { newId } from '@shop/http/ids'
import type { ShipmentId } from '@shop/kernel/ids'
import type { Result } from '@shop/kernel/result'
import { createShipment, type ShipmentDraft } from '../../src/fulfillment/domain/shipment-steps.ts'
import type { Order } from '../../src/orders/domain/order.ts'
import { changeOf, type Step } from '../../src/orders/domain/steps.ts'
import { anOrder } from './orders.ts'

export const AT = new Date('2026-11-24T09:00:00.000Z')

export const madeOf = (id: ShipmentId) => ({ id, at: AT })
export const made = madeOf('ship_01jd4k2v9rf0fv8z3x1m5q7w2e')

export const UNTRACKED = { carrier: null, trackingNumber: null, trackingUrl: null }

/** Two mugs and filter papers, paid and out of stock. */
export const aShippableOrder = (over: Partial<Order> = {}): Order =>
  anOrder({
    ...{ status: 'processing', paymentStatus: 'paid', paymentId: newId('payment') },
    ...{ capturedAmount: 2_500, stockCommitted: true },
    ...over,
  })

/** A shipment of so many units of each line. */
export const draftOf = (
  { lines }: Pick<Order, 'lines'>,
  quantities: number[],
  status: ShipmentDraft['status'] = 'shipped',
): ShipmentDraft => ({
  ...UNTRACKED,
  status,
  items: quantities.flatMap((quantity, at) => (quantity === 0 ? [] : [{ lineId: lines[at]?.id ?? 'none', quantity }])),
})

/** The order after a decided step. */
export function taken(order: Order, decided: Result<Step, unknown>): Order {
  if (!decided.ok) throw new Error(`Refused: ${JSON.stringify(decided)}`)
  if (decided.value.kind === 'unchanged') return order
  return changeOf(order, decided.value, { actor: { kind: 'system' }, at: AT }).order
}

/** The order after a shipment of so many units of each line. */
export const shipped = (order: Order, quantities: number[], status: ShipmentDraft['status'] = 'shipped'): Order =>
  taken(order, createShipment(order, draftOf(order, quantities, status), madeOf(newId('shipment'))))
