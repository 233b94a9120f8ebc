import { derivedId } from '@shop/kernel/derived-id'
import { describe, expect, it } from 'vitest'
import { packGiftCards, sendGiftCards, shipmentKeyOf } from '../../../src/gift-cards/domain/fulfill-gift-cards.ts'
import type { Order } from '../../../src/orders/domain/order.ts'
import { quantitiesOf, stepOf } from '../../support/edits.ts'
import { AT, aShippableOrder, taken } from '../../support/shipments.ts'

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
