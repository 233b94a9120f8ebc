import { newId } from '@shop/http/ids'
import { describe, expect, it } from 'vitest'
import {
  cancelShipment,
  createShipment,
  type ShipmentUpdate,
  updateShipment,
} from '../../../src/fulfillment/domain/shipment-steps.ts'
import type { Order } from '../../../src/orders/domain/order.ts'
import { AT, aShippableOrder, draftOf, made, shipped, taken, UNTRACKED } from '../../support/shipments.ts'

const later = new Date(AT.getTime() + 60_000)
const UNCHANGED = { ok: true, value: { kind: 'unchanged' } }
const unitsOf = ({ lines }: Order) => lines.map(({ units }) => [units.packed, units.shipped, units.removed])
const lastOf = ({ shipments }: Order) => {
  const last = shipments.at(-1)
  if (last === undefined) throw new Error('No shipment')
  return last
}
const updated = (order: Order, update: ShipmentUpdate) => updateShipment(order, lastOf(order), update, later)

describe('a shipment', () => {
  it('that leaves at once takes its units, and says so by two events', () => {
    const order = aShippableOrder()
    const [mugs] = order.lines
    const tracking = { carrier: 'DHL', trackingNumber: '4711', trackingUrl: 'https://track.example.com/4711' }
    const created = createShipment(order, { ...draftOf(order, [1, 0]), ...tracking }, made)
    const shipment = {
      ...{ id: made.id, status: 'shipped', ...tracking, items: [{ lineId: mugs?.id, quantity: 1 }] },
      ...{ createdAt: AT, updatedAt: AT, shippedAt: AT, deliveredAt: null, cancelledAt: null },
    }
    expect(created).toMatchObject({
      ok: true,
      value: {
        type: 'shipment_shipped',
        data: { shipmentId: made.id },
        shipment: { shipment, events: ['shipment.created', 'shipment.shipped'] },
      },
    })
    const after = taken(order, created)
    expect(unitsOf(after)).toEqual([
      [0, 1, 0],
      [0, 0, 0],
    ])
    expect(after).toMatchObject({
      status: 'processing',
      fulfillmentStatus: 'partially_fulfilled',
      shipments: [shipment],
    })
  })

  it('that is packed sets its units aside, and leaves the order unfulfilled', () => {
    const order = aShippableOrder()
    const created = createShipment(order, draftOf(order, [2, 1], 'packed'), made)
    expect(created).toMatchObject({
      value: { type: 'shipment_created', shipment: { events: ['shipment.created'], shipment: { shippedAt: null } } },
    })
    const after = taken(order, created)
    expect(unitsOf(after)).toEqual([
      [2, 0, 0],
      [1, 0, 0],
    ])
    expect(after).toMatchObject({ status: 'processing', fulfillmentStatus: 'unfulfilled' })
  })

  it('adds up what names the same line twice', () => {
    const order = aShippableOrder()
    const [item] = draftOf(order, [1, 0]).items
    if (item === undefined) throw new Error('No item')
    const after = taken(order, createShipment(order, { ...draftOf(order, []), items: [item, item] }, made))
    expect(lastOf(after).items).toEqual([{ lineId: item.lineId, quantity: 2 }])
  })

  it('of the last units makes the order shipped', () => {
    const order = shipped(aShippableOrder(), [2, 0])
    const last = createShipment(order, draftOf(order, [0, 1]), made)
    expect(last).toMatchObject({ value: { type: 'shipped', to: { status: 'shipped' }, data: { shipmentId: made.id } } })
    expect(taken(order, last)).toMatchObject({ status: 'shipped', fulfillmentStatus: 'fulfilled' })
  })

  it('of more units than are left is refused, naming the line and what is left', () => {
    const order = shipped(aShippableOrder(), [1, 0], 'packed')
    const lineId = order.lines[0]?.id
    expect(createShipment(order, draftOf(order, [2, 1]), made)).toEqual({
      ok: false,
      failure: { code: 'quantity_exceeds_to_ship', lineId, requested: 2, left: 1 },
    })
  })

  it('of a line that the order does not have is refused', () => {
    const order = aShippableOrder()
    const items = [{ lineId: 'line_of_another', quantity: 1 }]
    expect(createShipment(order, { ...UNTRACKED, items, status: 'shipped' }, made)).toEqual({
      ok: false,
      failure: { code: 'order_line_not_found', lineId: 'line_of_another' },
    })
  })

  it.each([
    ['not paid', { status: 'pending' }, { code: 'order_status_conflict', from: 'pending', to: 'shipped' }],
    ['cancelled', { status: 'cancelled' }, { code: 'order_status_conflict', from: 'cancelled', to: 'shipped' }],
    ['refunded in full', { paymentStatus: 'refunded' }, { code: 'order_refunded' }],
    ['not out of stock yet', { stockCommitted: false }, { code: 'order_changed' }],
  ] as const)('of an order that is %s is refused', (_, over, failure) => {
    const order = aShippableOrder(over)
    expect(createShipment(order, draftOf(order, [1, 0]), made)).toEqual({ ok: false, failure })
  })
})

describe('the tracking of a shipment', () => {
  it('changes in part, and stays otherwise', () => {
    const order = shipped(aShippableOrder(), [1, 0])
    const first = updated(order, { carrier: 'DHL', trackingNumber: '1' })
    expect(first).toMatchObject({ value: { type: 'shipment_updated', shipment: { events: ['shipment.updated'] } } })
    const tracked = taken(order, first)
    const second = taken(tracked, updated(tracked, { trackingNumber: null, trackingUrl: 'https://t.example.com' }))
    expect(lastOf(second)).toMatchObject({
      ...{ carrier: 'DHL', trackingNumber: null, trackingUrl: 'https://t.example.com', status: 'shipped' },
      updatedAt: later,
    })
  })

  it('is unchanged by the same once more', () => {
    const order = shipped(aShippableOrder(), [1, 0])
    expect(updated(order, {})).toEqual(UNCHANGED)
    expect(updated(order, { carrier: null, status: 'shipped' })).toEqual(UNCHANGED)
  })

  it('can change after the delivery', () => {
    const order = shipped(aShippableOrder(), [1, 0])
    const delivered = taken(order, updated(order, { status: 'delivered' }))
    expect(updated(delivered, { carrier: 'UPS', status: 'delivered' })).toMatchObject({
      value: { type: 'shipment_updated' },
    })
  })
})

describe('a packed shipment', () => {
  const packed = shipped(aShippableOrder(), [2, 1], 'packed')

  it('leaves: its units count as shipped', () => {
    const left = updated(packed, { status: 'shipped', carrier: 'DHL' })
    expect(left).toMatchObject({ value: { type: 'shipped', shipment: { events: ['shipment.shipped'] } } })
    const after = taken(packed, left)
    expect(unitsOf(after)).toEqual([
      [0, 2, 0],
      [0, 1, 0],
    ])
    expect(lastOf(after)).toMatchObject({ carrier: 'DHL', shippedAt: later, createdAt: AT })
  })

  it('can be picked up: it leaves and arrives at once', () => {
    const after = taken(packed, updated(packed, { status: 'delivered' }))
    expect(lastOf(after)).toMatchObject({ status: 'delivered', shippedAt: later, deliveredAt: later })
    expect(updated(packed, { status: 'delivered' })).toMatchObject({
      value: { shipment: { events: ['shipment.shipped', 'shipment.delivered'] } },
    })
  })

  it('does not leave once all the money went back', () => {
    const refunded: Order = { ...packed, paymentStatus: 'refunded' }
    expect(updated(refunded, { status: 'shipped' })).toEqual({ ok: false, failure: { code: 'order_refunded' } })
    expect(cancelShipment(refunded, lastOf(refunded), later)).toMatchObject({ ok: true })
  })

  it('can be cancelled, once: its units are left to ship again', () => {
    const cancelled = cancelShipment(packed, lastOf(packed), later)
    expect(cancelled).toMatchObject({
      value: { type: 'shipment_cancelled', shipment: { events: ['shipment.cancelled'] } },
    })
    const after = taken(packed, cancelled)
    expect(unitsOf(after)).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ])
    expect(lastOf(after)).toMatchObject({ status: 'cancelled', cancelledAt: later })
    expect(cancelShipment(after, lastOf(after), later)).toEqual(UNCHANGED)
    expect(updated(after, { carrier: 'DHL' })).toMatchObject({
      failure: { code: 'shipment_status_conflict', shipmentStatus: 'cancelled' },
    })
  })
})

describe('a shipment that has left', () => {
  it('cannot be cancelled', () => {
    const order = shipped(aShippableOrder(), [1, 0])
    const shipment = lastOf(order)
    expect(cancelShipment(order, shipment, later)).toEqual({
      ok: false,
      failure: { code: 'shipment_status_conflict', shipmentId: shipment.id, shipmentStatus: 'shipped' },
    })
  })

  it('is delivered once, and does not go back', () => {
    const order = shipped(shipped(aShippableOrder(), [1, 0]), [1, 0])
    const delivered = updated(order, { status: 'delivered' })
    expect(delivered).toMatchObject({
      value: { type: 'shipment_delivered', shipment: { events: ['shipment.delivered'] } },
    })
    const after = taken(order, delivered)
    expect(lastOf(after)).toMatchObject({ deliveredAt: later, shippedAt: AT })
    expect(updated(after, { status: 'delivered' })).toEqual(UNCHANGED)
    expect(updated(after, { status: 'shipped' })).toMatchObject({ failure: { code: 'shipment_status_conflict' } })
  })

  it('as the last one that arrives makes the order delivered', () => {
    const order = shipped(aShippableOrder(), [2, 1])
    const delivered = updated(order, { status: 'delivered' })
    expect(delivered).toMatchObject({ value: { type: 'delivered', to: { status: 'delivered' } } })
    expect(taken(order, delivered)).toMatchObject({ status: 'delivered', fulfillmentStatus: 'delivered' })
  })

  it('keeps its order while others are on their way', () => {
    const both = shipped(shipped(aShippableOrder(), [2, 0]), [0, 1])
    const after = taken(both, updated(both, { status: 'delivered' }))
    expect(after).toMatchObject({ status: 'shipped', fulfillmentStatus: 'fulfilled' })
  })
})

it('has an id of its own', () => {
  expect(newId('shipment')).toMatch(/^ship_/)
})
