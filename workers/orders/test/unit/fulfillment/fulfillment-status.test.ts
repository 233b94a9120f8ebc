import { describe, expect, it } from 'vitest'
import { complete } from '../../../src/fulfillment/domain/completion.ts'
import { fulfillmentStatusOf } from '../../../src/fulfillment/domain/fulfillment-status.ts'
import { updateShipment } from '../../../src/fulfillment/domain/shipment-steps.ts'
import type { Order } from '../../../src/orders/domain/order.ts'
import { plainPart } from '../../support/purchases.ts'
import { AT, aShippableOrder, shipped, taken } from '../../support/shipments.ts'

const PICKUP = { optionId: 'shopt_1', name: 'Pickup', estimate: null, isPickup: true, ...plainPart(0) }
const delivered = (order: Order, at: number) => {
  const shipment = order.shipments[at]
  if (shipment === undefined) throw new Error('No shipment')
  return taken(order, updateShipment(order, shipment, { status: 'delivered' }, AT))
}
/** The order with its first line removed by a refund. */
const withoutMugs = (order: Order): Order => ({
  ...order,
  lines: order.lines.map((line, at) =>
    at === 0 ? { ...line, units: { ...line.units, removed: 2, refunded: 2 } } : line,
  ),
})

describe('the fulfillment status', () => {
  const fresh = aShippableOrder()
  const packed = shipped(fresh, [2, 1], 'packed')
  const part = shipped(fresh, [1, 0])
  const whole = shipped(fresh, [2, 1])

  it.each([
    ['unfulfilled', 'nothing has left', fresh],
    ['unfulfilled', 'all is packed', packed],
    ['unfulfilled', 'all was refunded before it shipped', { ...fresh, lines: withoutMugs(fresh).lines.slice(0, 1) }],
    ['partially_fulfilled', 'something is left to ship', part],
    ['partially_fulfilled', 'the rest is packed', shipped(part, [1, 1], 'packed')],
    ['partially_fulfilled', 'what has left has arrived, and more is to ship', delivered(part, 0)],
    ['fulfilled', 'all has left', whole],
    ['fulfilled', 'all has left that was not refunded before', shipped(withoutMugs(fresh), [0, 1])],
    ['fulfilled', 'one of two shipments has arrived', delivered(shipped(shipped(fresh, [2, 0]), [0, 1]), 0)],
    ['delivered', 'all has arrived', delivered(whole, 0)],
    ['ready_for_pickup', 'all that is to be picked up is packed', { ...packed, shipping: PICKUP }],
    ['unfulfilled', 'some of it is packed', { ...shipped(fresh, [1, 0], 'packed'), shipping: PICKUP }],
    ['picked_up', 'all was picked up', { ...delivered(packed, 0), shipping: PICKUP }],
  ])('is %s when %s', (status, _, order) => {
    expect(fulfillmentStatusOf(order)).toBe(status)
  })
})

describe('an order whose last units were removed', () => {
  it('counts as shipped when the others have left', () => {
    const order = withoutMugs(shipped(aShippableOrder(), [0, 1]))
    expect(complete(order)).toMatchObject({ type: 'shipped', to: { status: 'shipped' } })
  })

  it('counts as delivered when the others have arrived', () => {
    const order = withoutMugs(delivered(shipped(aShippableOrder(), [0, 1]), 0))
    const then = taken(order, { ok: true, value: complete(order) })
    expect(complete(then)).toMatchObject({ type: 'delivered', to: { status: 'delivered' } })
  })

  it('waits for what is packed', () => {
    const order = withoutMugs(shipped(aShippableOrder(), [0, 1], 'packed'))
    expect(complete(order)).toEqual({ kind: 'unchanged' })
  })

  it('stays as it is when nothing has left: staff cancel it', () => {
    expect(complete(withoutMugs(aShippableOrder()))).toEqual({ kind: 'unchanged' })
    expect(complete({ ...aShippableOrder(), status: 'shipped' })).toEqual({ kind: 'unchanged' })
  })

  it('counts as shipped, too, when all its money went back after a part had left', () => {
    const order = { ...shipped(aShippableOrder(), [1, 0]), paymentStatus: 'refunded' as const }
    expect(complete(order)).toMatchObject({ type: 'shipped' })
  })
})
