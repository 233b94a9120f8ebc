import { addSeconds } from '@shop/kernel/time'
import { describe, expect, it } from 'vitest'
import type { Order } from '../../../src/orders/domain/order.ts'
import { checkReasons, checkWindow } from '../../../src/returns/domain/return-policy.ts'
import { returnDraftOf } from '../../support/returns.ts'
import { AT, aShippableOrder, shipped } from '../../support/shipments.ts'

const DAY = 86_400
const policy = { windowDays: 30, reasons: ['damaged', 'other'] }
/** An order whose units have left at AT, and a return of a mug. */
function aReturn() {
  const order = shipped(aShippableOrder(), [2, 1])
  return { order, items: returnDraftOf(order, [1, 0]).items }
}
const arrived = ({ shipments }: Order, at: Date) => ({
  shipments: shipments.map((one) => ({ ...one, deliveredAt: at })),
})

describe('the time for a return', () => {
  it('begins with the delivery', () => {
    const { order, items } = aReturn()
    const delivered = arrived(order, addSeconds(AT, 5 * DAY))
    expect(checkWindow(policy, delivered, items, addSeconds(AT, 35 * DAY - 1))).toEqual({ ok: true })
    expect(checkWindow(policy, delivered, items, addSeconds(AT, 35 * DAY))).toEqual({
      ok: false,
      failure: {
        code: 'return_window_over',
        lineId: items[0]?.lineId,
        until: addSeconds(AT, 35 * DAY).toISOString(),
      },
    })
  })

  it('begins when the units left, where nobody knows of their delivery', () => {
    const { order, items } = aReturn()
    expect(checkWindow(policy, order, items, addSeconds(AT, 30 * DAY - 1))).toEqual({ ok: true })
    expect(checkWindow(policy, order, items, addSeconds(AT, 30 * DAY))).toMatchObject({ ok: false })
  })

  it('counts from the last shipment of the line', () => {
    const { order, items } = aReturn()
    const [first] = order.shipments
    if (first === undefined) throw new Error('No shipment')
    const later = { ...first, shippedAt: addSeconds(AT, 10 * DAY) }
    const twice = { shipments: [later, first] }
    expect(checkWindow(policy, twice, items, addSeconds(AT, 39 * DAY))).toEqual({ ok: true })
  })

  it('of a line does not count from a shipment of another line, nor from one that has not left', () => {
    const { order } = aReturn()
    const [first] = order.shipments
    const [mug, paper] = order.lines
    if (first === undefined || mug === undefined || paper === undefined) throw new Error('No shipment')
    const late = addSeconds(AT, 10 * DAY)
    const ofMug = { ...first, items: [{ lineId: mug.id, quantity: 1 }] }
    const ofPaper = { ...first, items: [{ lineId: paper.id, quantity: 1 }], deliveredAt: late }
    const packed = { ...ofMug, status: 'packed' as const, createdAt: late, shippedAt: null }
    const day30 = addSeconds(AT, 30 * DAY)
    for (const shipments of [
      [ofMug, ofPaper],
      [ofMug, packed],
    ]) {
      expect(checkWindow(policy, { shipments }, [{ lineId: mug.id }], day30)).toMatchObject({
        failure: { lineId: mug.id, until: day30.toISOString() },
      })
    }
    expect(checkWindow(policy, { shipments: [ofMug, ofPaper] }, [{ lineId: paper.id }], day30)).toEqual({ ok: true })
  })

  it('of a line has not begun while none of it has left', () => {
    expect(checkWindow(policy, { shipments: [] }, aReturn().items, addSeconds(AT, 99 * DAY))).toEqual({ ok: true })
  })

  it('is never open in a shop that allows no days', () => {
    const { order, items } = aReturn()
    expect(checkWindow({ ...policy, windowDays: 0 }, order, items, AT)).toMatchObject({ ok: false })
  })
})

describe('the reasons for a return', () => {
  it('are those of the shop', () => {
    expect(checkReasons(policy, [{ reason: 'damaged' }])).toEqual({ ok: true })
    expect(checkReasons(policy, [{ reason: 'damaged' }, { reason: 'too_late' }])).toEqual({
      ok: false,
      failure: { code: 'return_reason_unknown', reason: 'too_late', reasons: ['damaged', 'other'] },
    })
  })
})
