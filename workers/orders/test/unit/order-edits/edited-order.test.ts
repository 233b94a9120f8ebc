import { newId } from '@shop/http/ids'
import { addSeconds } from '@shop/kernel/time'
import { describe, expect, it } from 'vitest'
import { editStep } from '../../../src/order-edits/domain/edit-step.ts'
import type { Order } from '../../../src/orders/domain/order.ts'
import { quantitiesOf, stepOf } from '../../support/edits.ts'
import { anInvoicedOrder } from '../../support/invoiced-orders.ts'
import { anOrder } from '../../support/orders.ts'
import { aShippableOrder, taken } from '../../support/shipments.ts'
import { NOW } from '../../support/test-deps.ts'

const one = [{ variantId: 13, quantity: 1 }]

function changed(...edit: Parameters<typeof stepOf>) {
  const step = stepOf(...edit)
  if (!step.ok || step.value.kind === 'unchanged') throw new Error(`Not changed: ${JSON.stringify(step)}`)
  return step.value
}

describe('the step of an edit', () => {
  it('names its refund, which is of no units, and is made by payments', () => {
    const order = aShippableOrder()
    const { lineRefund, data, type } = changed(order, quantitiesOf(order, [1]))
    expect(lineRefund).toEqual({
      ...{ refundId: data.refundId, origin: 'edit', state: 'reserved', amount: 1_000, returnId: null, items: [] },
      ...{ shipping: 0, restockingFee: 0, createdAt: NOW },
    })
    expect([type, data]).toEqual([
      'edited',
      { amount: 1_500, previousTotal: 2_500, refundId: expect.stringMatching(/^re/) },
    ])
  })

  it('has no refund where nothing goes back', () => {
    const step = changed(aShippableOrder(), one)
    expect(step.data).toEqual({ amount: 3_500, previousTotal: 2_500 })
    expect([step.lineRefund, step.refundDue]).toEqual([undefined, undefined])
  })

  it('writes the lines that got smaller or are new, with 0 units for those that were removed', () => {
    const order = aShippableOrder()
    const { editedLines, to } = changed(order, [...quantitiesOf(order, [1, 0]), ...one])
    expect(editedLines?.map(({ variantId, quantity }) => [variantId, quantity])).toEqual([
      [11, 1],
      [12, 0],
      [13, 1],
    ])
    expect(to.lines?.map(({ variantId }) => variantId)).toEqual([11, 13])
  })

  it('leaves fewer units in each hold, under a key of the edit', () => {
    const order = anOrder()
    const added = taken(order, stepOf(order, [...one, { variantId: 14, quantity: 2 }]))
    const holdId = added.lines[2]?.holdId
    const { stockAdjustments } = changed(added, quantitiesOf(added, [1, undefined, 0, 1]))
    const shrunk = { kind: 'shrink', reason: 'order edited' }
    expect(stockAdjustments).toMatchObject([
      { ...shrunk, holdId: order.id, variantId: 11, quantity: 1 },
      { ...shrunk, holdId, variantId: 13, quantity: 0 },
      { ...shrunk, holdId, variantId: 14, quantity: 1 },
    ])
    const [editId] = stockAdjustments?.[0]?.key.split(':') ?? []
    expect(editId).toMatch(/^edit_/)
    expect(stockAdjustments?.map(({ key }) => key)).toEqual([
      ...[`${editId}:${order.id}:11`, `${editId}:${holdId}:13`, `${editId}:${holdId}:14`],
    ])
  })

  it('has the documents of an order that was invoiced', () => {
    const order = anInvoicedOrder({ stockCommitted: true, chargedAmount: 2_790 })
    const { invoices, to } = changed(order, quantitiesOf(order, [undefined, 0]))
    expect(invoices).toMatchObject([
      { series: 'credit_note', cause: `edit:${order.version + 1}`, total: 2_790 },
      { series: 'invoice', cause: `edit:${order.version + 1}`, total: 2_290 },
    ])
    expect(to.invoiced?.total).toBe(2_290)
  })

  it('sells what edits added once nothing is due, and nothing else', () => {
    const toSell = (order: Order, ...edit: [Parameters<typeof stepOf>[1]]) =>
      'stockCommitted' in changed(order, ...edit).to
    const order = aShippableOrder()
    expect(toSell(order, one)).toBe(false)
    expect(toSell(order, quantitiesOf(order, [1]))).toBe(false)
    expect(toSell(order, [...quantitiesOf(order, [1]), ...one])).toBe(true)
    const unpaid = anOrder()
    const added = taken(unpaid, stepOf(unpaid, one))
    expect(toSell(added, quantitiesOf(added, [1]))).toBe(false)
  })
})

describe('an edit', () => {
  const ids = () => ({ editId: newId('orderEdit'), refundId: newId('refund') })

  it('gives an unpaid order time to be paid, and never less than it had', () => {
    const order = anOrder({ expiresAt: addSeconds(NOW, 600) })
    const items = quantitiesOf(order, [1])
    const wanted = { items }
    const until = (expiresAt: Date) => {
      const step = editStep(order, wanted, { items: [], lines: [] }, { ...ids(), at: NOW, expiresAt })
      return step.ok && step.value.kind === 'changed' ? step.value.to.expiresAt : 'refused'
    }
    expect(until(addSeconds(NOW, 900))).toEqual(addSeconds(NOW, 900))
    expect(until(addSeconds(NOW, 600))).toBeUndefined()
    expect(until(addSeconds(NOW, 300))).toBeUndefined()
  })

  it('leaves the end of a paid order as it was', () => {
    const order = aShippableOrder({ expiresAt: addSeconds(NOW, 600) })
    const step = editStep(
      order,
      { items: quantitiesOf(order, [1]) },
      { items: [], lines: [] },
      { ...ids(), at: NOW, expiresAt: addSeconds(NOW, 900) },
    )
    expect(step.ok && step.value.kind === 'changed' && 'expiresAt' in step.value.to).toBe(false)
  })

  it('is refused where it was priced for other items than it adds by now', () => {
    const order = aShippableOrder()
    const priced = { items: [{ variantId: 13, quantity: 2 }], lines: [] }
    expect(editStep(order, { items: one }, priced, { ...ids(), at: NOW, expiresAt: NOW })).toEqual({
      ok: false,
      failure: { code: 'order_changed' },
    })
  })

  it('of the note or an address alone is a change', () => {
    const order = anOrder()
    expect(changed(order, [], { note: 'Ring twice' }).to).toMatchObject({ note: 'Ring twice', total: 2_500 })
    expect(stepOf(order, [])).toEqual({ ok: true, value: { kind: 'unchanged' } })
  })
})
