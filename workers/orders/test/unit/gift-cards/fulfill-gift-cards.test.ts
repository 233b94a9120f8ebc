import { newId } from '@shop/http/ids'
import { derivedId } from '@shop/kernel/derived-id'
import { describe, expect, it } from 'vitest'
import { cancelShipment } from '../../../src/fulfillment/domain/shipment-steps.ts'
import { packGiftCards, sendGiftCards, shipmentKeyOf } from '../../../src/gift-cards/domain/fulfill-gift-cards.ts'
import type { Order, OrderLine } from '../../../src/orders/domain/order.ts'
import { quantitiesOf, stepOf } from '../../support/edits.ts'
import { AT, aShippableOrder, shipped, taken } from '../../support/shipments.ts'

const asGiftCard = (order: Order, index: number): Order => ({
  ...order,
  lines: order.lines.map((line, at) => (at === index ? { ...line, isGiftCard: true } : line)),
})

/** The order after its gift cards have left. */
async function sent(order: Order): Promise<Order> {
  const made = { id: await derivedId('shipment', shipmentKeyOf(order)), at: AT }
  const packed = taken(order, packGiftCards(order, made))
  return taken(packed, sendGiftCards(packed, made))
}

const madeBy = (id = newId('shipment')) => ({ id, at: AT })

describe('the shipment of gift cards', () => {
  it('has an id of the order and its lines of gift cards, so that a retry makes it once', () => {
    const [mug, paper] = aShippableOrder().lines as [OrderLine, OrderLine]
    const lines = [{ ...mug, isGiftCard: true }, paper, { ...paper, id: newId('orderLine'), isGiftCard: true }]
    const order = aShippableOrder({ lines })
    expect(shipmentKeyOf(order)).toBe(`gift_cards:${order.id}:${mug.id}:${lines[2]?.id}`)
  })

  it('has the gift cards alone that nobody has sent, and no tracking', () => {
    const made = madeBy()
    const order = asGiftCard(asGiftCard(shipped(aShippableOrder(), [2, 0]), 0), 1)
    const after = taken(order, packGiftCards(order, made))
    expect(after.shipments[1]).toMatchObject({
      ...{ id: made.id, status: 'packed', carrier: null, trackingNumber: null, trackingUrl: null },
      items: [{ lineId: order.lines[1]?.id, quantity: 1 }],
    })
  })

  it('is not made without gift cards, nor again after it was cancelled', () => {
    const unchanged = { ok: true, value: { kind: 'unchanged' } }
    expect(packGiftCards(aShippableOrder(), madeBy())).toEqual(unchanged)
    const made = madeBy()
    const order = asGiftCard(aShippableOrder(), 0)
    const packed = taken(order, packGiftCards(order, made))
    const [shipment] = packed.shipments
    if (shipment === undefined) throw new Error('A shipment')
    const cancelled = taken(packed, cancelShipment(packed, shipment, AT))
    expect(packGiftCards(cancelled, made)).toEqual(unchanged)
    expect(sendGiftCards(cancelled, made)).toEqual(unchanged)
  })

  it('is sent, and no other one that is packed', () => {
    const made = madeBy()
    const order = asGiftCard(shipped(aShippableOrder(), [2, 0], 'packed'), 1)
    const packed = taken(order, packGiftCards(order, made))
    expect(taken(packed, sendGiftCards(packed, made)).shipments.map(({ status }) => status)).toEqual([
      ...['packed', 'delivered'],
    ])
    expect(sendGiftCards(packed, madeBy())).toEqual({ ok: true, value: { kind: 'unchanged' } })
  })
})

describe('the gift cards of a paid order', () => {
  it('leave it once, as a shipment that has arrived', async () => {
    const once = await sent(asGiftCard(aShippableOrder(), 0))
    expect(once.shipments).toMatchObject([{ status: 'delivered', items: [{ quantity: 2 }] }])
    expect(await sent(once)).toEqual(once)
  })

  it('that an edit added later leave it with another one, so that no edit takes issued cards off again', async () => {
    const once = await sent(asGiftCard(aShippableOrder(), 0))
    const added = taken(once, stepOf(once, [{ variantId: 13, quantity: 1 }]))
    const paid = { ...asGiftCard(added, 2), chargedAmount: added.total, capturedAmount: added.total }
    const after = await sent(paid)
    expect(after.shipments.map(({ status }) => status)).toEqual(['delivered', 'delivered'])
    expect(stepOf(after, quantitiesOf(after, [undefined, undefined, 0]))).toMatchObject({
      failure: { code: 'line_quantity_too_low', minimum: 1 },
    })
  })
})
