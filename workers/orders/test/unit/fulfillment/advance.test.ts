import { ORDER_STATUSES, type OrderStatus, PAYMENT_STATUSES } from '@shop/contracts/orders/states'
import { newId } from '@shop/http/ids'
import { describe, expect, it } from 'vitest'
import { advance } from '../../../src/fulfillment/domain/advance.ts'
import type { Order } from '../../../src/orders/domain/order.ts'
import { anOrder } from '../../support/orders.ts'
import { aShippableOrder, made, madeOf, shipped, taken } from '../../support/shipments.ts'

const paid = { paymentStatus: 'paid', paymentId: 'pay_1', capturedAmount: 2_500, stockCommitted: true } as const
const inStatus = (status: OrderStatus) =>
  anOrder({
    status,
    ...(status === 'pending' ? {} : paid),
    ...(status === 'cancelled' ? { cancelReason: 'expired' as const } : {}),
  })
const refused = (from: OrderStatus, to: OrderStatus) => ({
  ok: false,
  failure: { code: 'order_status_conflict', from, to },
})

describe('shipping and delivering all of an order', () => {
  const legal = new Set(['processing>shipped', 'shipped>delivered'])
  const pairs = ORDER_STATUSES.flatMap((from) => ORDER_STATUSES.map((to) => [from, to] as const))

  it.each(pairs)('from %s to %s is one step forward, or refused', (from, to) => {
    const taken = advance(inStatus(from), to, made)
    const isRepeat = from === to && (to === 'shipped' || to === 'delivered')
    if (legal.has(`${from}>${to}`)) expect(taken).toMatchObject({ ok: true, value: { type: to, to: { status: to } } })
    else if (isRepeat) expect(taken).toEqual({ ok: true, value: { kind: 'unchanged' } })
    else expect(taken).toEqual(refused(from, to))
  })

  it('waits until the stock of the lines is committed', () => {
    const order = anOrder({ status: 'processing', ...paid, stockCommitted: false })
    expect(advance(order, 'shipped', made)).toEqual({ ok: false, failure: { code: 'order_changed' } })
  })

  it('ships an order whose money is reserved or kept, in part or in full, and leaves its payment status to payments', () => {
    for (const paymentStatus of PAYMENT_STATUSES.filter((status) => status !== 'refunded')) {
      const shipped = advance(anOrder({ status: 'processing', ...paid, paymentStatus }), 'shipped', made)
      expect(shipped).toMatchObject({ ok: true, value: { type: 'shipped', to: { status: 'shipped' } } })
      expect(shipped.ok && shipped.value.kind === 'changed' && Object.keys(shipped.value.to)).toEqual([
        'lines',
        'status',
      ])
    }
  })

  it('ships no order that is refunded in full, but delivers one that was refunded on its way', () => {
    const refundedOrder = anOrder({ status: 'processing', ...paid, paymentStatus: 'refunded', refundedAmount: 2_500 })
    expect(advance(refundedOrder, 'shipped', made)).toEqual({ ok: false, failure: { code: 'order_refunded' } })
    const lost = { ...refundedOrder, paymentStatus: 'partially_refunded', refundedAmount: 500 } as const
    expect(advance({ ...lost, chargedBackAmount: 1_999 }, 'shipped', made)).toMatchObject({ ok: true })
    expect(advance({ ...lost, chargedBackAmount: 2_000 }, 'shipped', made)).toEqual({
      ok: false,
      failure: { code: 'order_refunded' },
    })
    const onItsWay = { ...refundedOrder, status: 'shipped' } as const
    expect(advance(onItsWay, 'shipped', made)).toEqual({ ok: true, value: { kind: 'unchanged' } })
    expect(advance(onItsWay, 'delivered', made)).toMatchObject({ ok: true, value: { type: 'delivered' } })
  })
})

/** The order after each step until it has the status. */
function allTheWay(order: Order, to: 'shipped' | 'delivered'): Order[] {
  const after: Order[] = []
  for (let current = order; current.status !== to; after.push(current)) {
    current = taken(current, advance(current, to, madeOf(newId('shipment'))))
  }
  return after
}

describe('shipping all that is left', () => {
  it('is one shipment of all lines, where nothing is packed', () => {
    const order = aShippableOrder()
    const [after, ...more] = allTheWay(order, 'shipped')
    expect(more).toEqual([])
    expect(after?.shipments).toMatchObject([
      { status: 'shipped', items: order.lines.map(({ id, quantity }) => ({ lineId: id, quantity })), carrier: null },
    ])
    expect(after).toMatchObject({ status: 'shipped', fulfillmentStatus: 'fulfilled' })
  })

  it('sends what is packed first, each by itself, and the rest together', () => {
    const order = shipped(shipped(aShippableOrder(), [1, 0], 'packed'), [0, 1], 'packed')
    const steps = allTheWay(order, 'shipped')
    expect(steps.map(({ shipments }) => shipments.map(({ status }) => status))).toEqual([
      ['shipped', 'packed'],
      ['shipped', 'shipped'],
      ['shipped', 'shipped', 'shipped'],
    ])
    expect(steps.map(({ status }) => status)).toEqual(['processing', 'processing', 'shipped'])
  })

  it('is refused when all units were removed', () => {
    const order = aShippableOrder()
    const lines = order.lines.map((line) => ({
      ...line,
      units: { ...line.units, removed: line.quantity, refunded: line.quantity },
    }))
    expect(advance({ ...order, lines }, 'shipped', made)).toEqual(refused('processing', 'shipped'))
  })
})

describe('delivering all', () => {
  it('delivers each shipment, and then the order', () => {
    const order = shipped(shipped(aShippableOrder(), [2, 0]), [0, 1])
    const steps = allTheWay(order, 'delivered')
    expect(steps.map(({ status }) => status)).toEqual(['shipped', 'delivered'])
    expect(steps.at(-1)).toMatchObject({ fulfillmentStatus: 'delivered' })
  })
})
