import { newId } from '@shop/http/ids'
import { currency } from '@shop/kernel/currencies'
import { describe, expect, it } from 'vitest'
import { outcomeOf } from '../../../src/order-edits/domain/edit-step.ts'
import { missingStep } from '../../../src/order-edits/domain/missing-step.ts'
import type { Order } from '../../../src/orders/domain/order.ts'
import { stepOf } from '../../support/edits.ts'
import { plainPart } from '../../support/purchases.ts'
import { AT, aShippableOrder, taken } from '../../support/shipments.ts'

const missing = (order: Order, ...holdIds: string[]) =>
  missingStep(order, new Set(holdIds), { editId: newId('orderEdit'), refundId: newId('refund'), at: AT })
const CANCELLED = { ok: true, value: { type: 'cancelled', to: { cancelReason: 'stock_gone' } } }

/** A paid order to which edits added a unit for 10.00 each, which are paid and not sold yet, and their holds. */
function withAdditions(count: number): { order: Order; holds: string[] } {
  let order = aShippableOrder()
  for (let added = 0; added < count; added += 1) {
    order = taken(order, stepOf(order, [{ variantId: 13 + added, quantity: 1 }]))
  }
  const paid = { chargedAmount: order.total, capturedAmount: order.total, stockCommitted: false }
  return { order: { ...order, ...paid }, holds: order.lines.flatMap(({ holdId }) => holdId ?? []) }
}

describe('units of a paid order that cannot be had any more', () => {
  it('are taken off and paid back where an edit added them, and the rest is sold', () => {
    const { order, holds } = withAdditions(2)
    const step = missing(order, holds[0] ?? '')
    expect(step).toMatchObject({
      value: {
        type: 'edited',
        data: { amount: 3_500, previousTotal: 4_500, reason: 'stock_gone' },
        to: { stockCommitted: true, total: 3_500 },
        lineRefund: { amount: 1_000 },
        // They are not in stock, so nothing goes back to it.
        stockAdjustments: [],
      },
    })
    const after = taken(order, step)
    expect(after.lines.map(({ variantId }) => variantId)).toEqual([11, 12, 14])
  })

  it('are paid back as far as Stripe can refund them in the currency, without cancelling the order', () => {
    const { order, holds } = withAdditions(2)
    const lines = order.lines.map((line) =>
      line.holdId === holds[0] ? { ...line, unitPrice: 1_005, ...plainPart(1_005) } : line,
    )
    const charged = { total: 4_505, chargedAmount: 4_510, creditedAmount: 5, capturedAmount: 4_510 }
    const dinars: Order = { ...order, currency: currency('KWD'), lines, ...charged }
    expect(missing(dinars, holds[0] ?? '')).toMatchObject({
      value: { type: 'edited', to: { total: 3_500, creditedAmount: 1_010 }, lineRefund: { amount: 1_000 } },
    })
  })

  it('cancel the order where they were ordered, also beside such that an edit added', () => {
    const { order, holds } = withAdditions(1)
    expect(missing(order, order.id)).toMatchObject(CANCELLED)
    expect(missing(order, order.id, ...holds)).toMatchObject(CANCELLED)
  })

  it('cancel the order where nothing else would be left', () => {
    const { order, holds } = withAdditions(2)
    const replaced = { ...order, lines: order.lines.slice(2) }
    expect(missing(replaced, ...holds)).toMatchObject(CANCELLED)
    expect(missing(replaced, holds[0] ?? '')).toMatchObject({ value: { type: 'edited' } })
  })

  it('change nothing more of a cancelled order, and nothing of one that was sold or is not paid', () => {
    const { order, holds } = withAdditions(1)
    const cancelled = { ...order, status: 'cancelled', cancelReason: 'stock_gone' } as const
    expect(missing(cancelled, ...holds)).toEqual({ ok: true, value: { kind: 'unchanged' } })
    for (const other of [
      { ...order, stockCommitted: true },
      { ...order, status: 'pending' as const },
    ]) {
      expect(missing(other, ...holds)).toEqual({ ok: false, failure: { code: 'order_changed' } })
    }
  })
})

describe('the outcome of an edit', () => {
  it('is read from its event, and from the refund that it made', () => {
    const order = aShippableOrder()
    const [mugs] = order.lines
    const after = taken(order, stepOf(order, [{ lineId: mugs?.id ?? '', quantity: 1 }]))
    const [refund] = after.lineRefunds
    const data = { amount: 1_500, previousTotal: 2_500 }
    expect(outcomeOf(after, { ...data, ...(refund && { refundId: refund.refundId }) })).toEqual({
      ...{ total: 1_500, previousTotal: 2_500, refund: 1_000 },
    })
    expect(outcomeOf(after, data)).toEqual({ total: 1_500, previousTotal: 2_500, refund: 0 })
    expect(outcomeOf(after, { ...data, refundId: newId('refund') })).toMatchObject({ refund: 0 })
    expect(outcomeOf(order, {})).toEqual({ total: 0, previousTotal: 0, refund: 0 })
  })
})
