import { newId } from '@shop/http/ids'
import { describe, expect, it } from 'vitest'
import type { Order } from '../../../src/orders/domain/order.ts'
import { changeOf } from '../../../src/orders/domain/steps.ts'
import {
  approveReturn,
  cancelReturn,
  closeReturn,
  receiveReturn,
  refuseReturn,
  requestReturn,
} from '../../../src/returns/domain/return-steps.ts'
import { CUSTOMER, newestReturn, receiptOf, requested, returnDraftOf, STAFF } from '../../support/returns.ts'
import { AT, aShippableOrder, shipped, taken } from '../../support/shipments.ts'

const madeBy = (by = STAFF) => ({ id: newId('return'), at: AT, by })
/** Two mugs and filter papers, all of which have left. */
const allShipped = () => shipped(aShippableOrder(), [2, 1])
const RETURN = newId('return')
const NOTHING_KEPT = { restocked: 0, writtenOff: 0 }
const unitsOf = ({ lines }: Order) => lines.map(({ units }) => [units.returning, units.returned])
const received = (order: Order, quantities: number[], restock = true) =>
  receiveReturn(order, newestReturn(order), receiptOf(order, quantities, restock), AT)
const conflictOf = ({ id, status }: { id: string; status: string }) => ({
  ok: false,
  failure: { code: 'return_status_conflict', returnId: id, returnStatus: status },
})

/** What every new return has. */
const NEW = {
  ...{ note: null, refuseReason: null, exchangeOrderId: null, receipts: 0, createdAt: AT, updatedAt: AT },
  ...{ refusedAt: null, cancelledAt: null, receivedAt: null, closedAt: null },
}

describe('a request for a return', () => {
  it('makes a return of which nothing has come back', () => {
    const order = allShipped()
    const draft = { ...returnDraftOf(order, [1, 0]), note: 'Too small' }
    const items = [{ lineId: order.lines[0]?.id, quantity: 1, reason: 'unwanted', received: 0, ...NOTHING_KEPT }]
    const known = newestReturn(taken(order, requestReturn(order, draft, { ...madeBy(CUSTOMER), id: RETURN })))
    expect(known).toEqual({
      ...{ ...NEW, note: 'Too small', id: RETURN, status: 'requested', requestedBy: CUSTOMER, approvedAt: null, items },
    })
  })

  it('of a customer waits for staff, and its units cannot be returned again meanwhile', () => {
    const order = allShipped()
    const made = madeBy(CUSTOMER)
    const after = taken(order, requestReturn(order, returnDraftOf(order, [1, 0]), made))
    expect(unitsOf(after)).toEqual([
      [1, 0],
      [0, 0],
    ])
    expect(after.returns).toMatchObject([
      { id: made.id, status: 'requested', requestedBy: CUSTOMER, items: [{ quantity: 1, reason: 'unwanted' }] },
    ])
    expect(requestReturn(after, returnDraftOf(after, [2, 0]), madeBy(CUSTOMER))).toEqual({
      ok: false,
      failure: { code: 'quantity_exceeds_returnable', lineId: order.lines[0]?.id, requested: 2, left: 1 },
    })
  })

  it('of staff is approved at once, which are two events of one change', () => {
    const order = allShipped()
    const step = requestReturn(order, returnDraftOf(order, [1, 1]), madeBy())
    expect(step).toMatchObject({
      value: {
        type: 'return_approved',
        returned: { made: { status: 'approved', approvedAt: AT }, events: ['return.requested', 'return.approved'] },
      },
    })
  })

  it('of units that have not left is refused', () => {
    const order = shipped(aShippableOrder(), [1, 0])
    expect(requestReturn(order, returnDraftOf(order, [2, 0]), madeBy())).toMatchObject({
      failure: { code: 'quantity_exceeds_returnable', requested: 2, left: 1 },
    })
    expect(requestReturn(order, returnDraftOf(order, [0, 1]), madeBy())).toMatchObject({ failure: { left: 0 } })
  })

  it('of a gift card is refused, since its code may be spent', () => {
    const order = allShipped()
    const ofCards = { ...order, lines: order.lines.map((line) => ({ ...line, isGiftCard: true })) }
    for (const by of [CUSTOMER, STAFF]) {
      expect(requestReturn(ofCards, returnDraftOf(ofCards, [1, 0]), madeBy(by))).toMatchObject({
        failure: { code: 'quantity_exceeds_returnable', requested: 1, left: 0 },
      })
    }
  })

  it('of a line of another order is refused', () => {
    const items = [{ lineId: 'line_of_another', quantity: 1, reason: 'other' }]
    expect(requestReturn(allShipped(), { items, note: null }, madeBy())).toEqual({
      ok: false,
      failure: { code: 'order_line_not_found', lineId: 'line_of_another' },
    })
  })
})

describe('each step of a return', () => {
  it('has its own type in the history of the order, and its own event', () => {
    const waiting = requested(allShipped(), [1, 1], CUSTOMER)
    const known = newestReturn(waiting)
    const approved = taken(waiting, approveReturn(waiting, known, AT))
    const steps = {
      return_requested: requestReturn(allShipped(), { items: [], note: null }, { ...madeBy(CUSTOMER), id: known.id }),
      return_approved: approveReturn(waiting, known, AT),
      return_refused: refuseReturn(waiting, known, 'It was worn', AT),
      return_cancelled: cancelReturn(waiting, known, AT),
      return_received: received(approved, [1, 0]),
      return_closed: closeReturn(approved, newestReturn(approved), AT),
    }
    for (const [type, step] of Object.entries(steps)) {
      const event = type.replace('_', '.')
      expect(step).toMatchObject({ value: { type, data: { returnId: known.id }, returned: { events: [event] } } })
    }
  })

  it('changes no other return', () => {
    const both = requested(requested(allShipped(), [1, 0], CUSTOMER), [0, 1], CUSTOMER)
    const [one, other] = both.returns
    if (one === undefined || other === undefined) throw new Error('Two returns')
    const after = taken(both, approveReturn(both, one, AT))
    expect(after.returns).toEqual([{ ...one, status: 'approved', approvedAt: AT, updatedAt: AT }, other])
  })

  it('writes only the lines whose units it moves', () => {
    const order = requested(allShipped(), [2, 1])
    const step = received(order, [1, 0])
    if (!step.ok || step.value.kind === 'unchanged') throw new Error('Refused')
    expect(changeOf(order, step.value, { actor: STAFF, at: AT }).lines?.map(({ id }) => id)).toEqual([
      order.lines[0]?.id,
    ])
    const half = taken(order, received(order, [2, 0]))
    const closed = closeReturn(half, newestReturn(half), AT)
    if (!closed.ok || closed.value.kind === 'unchanged') throw new Error('Refused')
    expect(changeOf(half, closed.value, { actor: STAFF, at: AT }).lines?.map(({ id }) => id)).toEqual([
      order.lines[1]?.id,
    ])
  })
})

describe('a requested return', () => {
  it('is approved once', () => {
    const order = requested(allShipped(), [1, 0], CUSTOMER)
    const after = taken(order, approveReturn(order, newestReturn(order), AT))
    expect(newestReturn(after)).toMatchObject({ status: 'approved', approvedAt: AT })
    expect(approveReturn(after, newestReturn(after), AT)).toEqual({ ok: true, value: { kind: 'unchanged' } })
  })

  it('that is refused or cancelled lets its units be returned again, and stays so', () => {
    const order = requested(allShipped(), [2, 1], CUSTOMER)
    const known = newestReturn(order)
    for (const after of [
      taken(order, refuseReturn(order, known, 'It was worn', AT)),
      taken(order, cancelReturn(order, known, AT)),
    ]) {
      expect(unitsOf(after)).toEqual(unitsOf(allShipped()))
      expect(approveReturn(after, newestReturn(after), AT)).toEqual(conflictOf(newestReturn(after)))
      expect(received(after, [1, 0])).toEqual(conflictOf(newestReturn(after)))
    }
    const refused = taken(order, refuseReturn(order, known, 'It was worn', AT))
    expect(refuseReturn(refused, newestReturn(refused), 'Another reason', AT)).toMatchObject({
      value: { kind: 'unchanged' },
    })
    expect(newestReturn(refused).refuseReason).toBe('It was worn')
  })

  it('that is cancelled keeps when, and stays so when it is cancelled again', () => {
    const order = requested(allShipped(), [1, 0], CUSTOMER)
    const known = newestReturn(order)
    const after = taken(order, cancelReturn(order, known, AT))
    expect(newestReturn(after)).toEqual({ ...known, status: 'cancelled', updatedAt: AT, cancelledAt: AT })
    expect(cancelReturn(after, newestReturn(after), AT)).toEqual({ ok: true, value: { kind: 'unchanged' } })
  })

  it('is not received before it is approved, nor closed', () => {
    const order = requested(allShipped(), [1, 0], CUSTOMER)
    const known = newestReturn(order)
    expect(received(order, [1, 0])).toEqual(conflictOf(known))
    expect(closeReturn(order, known, AT)).toEqual(conflictOf(known))
  })
})

describe('an approved return', () => {
  it('is no longer refused or cancelled', () => {
    const order = requested(allShipped(), [1, 0])
    const known = newestReturn(order)
    expect(refuseReturn(order, known, 'Too late', AT)).toEqual(conflictOf(known))
    expect(cancelReturn(order, known, AT)).toEqual(conflictOf(known))
  })

  it('is received with its last units, and gives those back to the stock that are for sale again', () => {
    const order = requested(allShipped(), [2, 1])
    const { id } = newestReturn(order)
    const first = received(order, [1, 0])
    const [mug] = order.lines
    expect(first).toMatchObject({
      value: {
        stockAdjustments: [
          { key: `${id}:${mug?.id}:1:restock`, variantId: 11, quantity: 1, kind: 'restock', reason: 'returned' },
        ],
      },
    })
    const half = taken(order, first)
    expect(newestReturn(half)).toMatchObject({ status: 'approved', receipts: 1, receivedAt: AT })
    expect(unitsOf(half)).toEqual([
      [1, 1],
      [1, 0],
    ])
    const last = received(half, [1, 1], false)
    expect(last).toMatchObject({
      value: {
        stockAdjustments: [
          { key: `${id}:${mug?.id}:2:write_off`, quantity: 1, kind: 'write_off' },
          { variantId: 12, kind: 'write_off' },
        ],
      },
    })
    const all = taken(half, last)
    expect(newestReturn(all)).toMatchObject({
      status: 'received',
      items: [
        { received: 2, restocked: 1, writtenOff: 1 },
        { received: 1, restocked: 0, writtenOff: 1 },
      ],
    })
    expect(unitsOf(all)).toEqual([
      [0, 2],
      [0, 1],
    ])
  })

  it('waits for its other lines when all of one line came back', () => {
    const order = requested(allShipped(), [2, 1])
    const half = taken(order, received(order, [2, 0]))
    expect(newestReturn(half).status).toBe('approved')
  })

  it('is closed after all of it was received', () => {
    const order = requested(allShipped(), [2, 1])
    const all = taken(order, received(order, [2, 1]))
    expect(newestReturn(taken(all, closeReturn(all, newestReturn(all), AT))).status).toBe('closed')
  })

  it('takes units of one line of which some are for sale again and some are not', () => {
    const order = requested(allShipped(), [2, 0])
    const both = [...receiptOf(order, [1, 0]), ...receiptOf(order, [1, 0], false)]
    expect(receiveReturn(order, newestReturn(order), both, AT)).toMatchObject({
      value: {
        returned: { made: { status: 'received', items: [{ received: 2, restocked: 1, writtenOff: 1 }] } },
        stockAdjustments: [{ kind: 'restock' }, { kind: 'write_off' }],
      },
    })
  })

  it('never takes more units than it expects', () => {
    const order = requested(allShipped(), [1, 0])
    expect(received(order, [2, 0])).toEqual({
      ok: false,
      failure: { code: 'quantity_exceeds_to_receive', lineId: order.lines[0]?.id, requested: 2, left: 1 },
    })
    expect(received(order, [0, 1])).toMatchObject({ failure: { left: 0 } })
  })

  it('that is closed lets units that did not come back be returned again', () => {
    const order = requested(allShipped(), [2, 1])
    const half = taken(order, received(order, [1, 0]))
    const closed = taken(half, closeReturn(half, newestReturn(half), AT))
    expect(newestReturn(closed)).toMatchObject({ status: 'closed', closedAt: AT })
    expect(unitsOf(closed)).toEqual([
      [0, 1],
      [0, 0],
    ])
    expect(closeReturn(closed, newestReturn(closed), AT)).toMatchObject({ value: { kind: 'unchanged' } })
    expect(received(closed, [1, 0])).toEqual(conflictOf(newestReturn(closed)))
    expect(requestReturn(closed, returnDraftOf(closed, [1, 1]), madeBy())).toMatchObject({ ok: true })
  })
})
