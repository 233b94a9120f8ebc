import type { CommitHolds } from '@shop/contracts/catalog/rpc'
import { newId } from '@shop/http/ids'
import { fail, ok } from '@shop/kernel/result'
import { describe, expect, it } from 'vitest'
import { createShipment } from '../../../src/fulfillment/create-shipment.ts'
import { editOrder } from '../../../src/order-edits/edit-order.ts'
import type { Order } from '../../../src/orders/domain/order.ts'
import { receiveEvents } from '../../../src/payment-events/receive-events.ts'
import { quantitiesOf } from '../../support/edits.ts'
import { anOrder } from '../../support/orders.ts'
import { paymentEvent } from '../../support/payments-events.ts'
import { aShippableOrder, draftOf } from '../../support/shipments.ts'
import { ADMIN, OWNER } from '../../support/shop-with.ts'
import { OUT_OF_STOCK, testDeps } from '../../support/test-deps.ts'

const edit = (
  made: ReturnType<typeof testDeps>,
  order: Order,
  items: Parameters<typeof editOrder>[2]['wanted']['items'],
  over: Partial<Parameters<typeof editOrder>[2]> = {},
) =>
  editOrder(made.deps, ADMIN, {
    ...{ orderId: order.id, wanted: { items }, isPreview: false, idempotencyKey: crypto.randomUUID() },
    ...over,
  })

/** The payment of what is due. */
const payment = (order: Order, amount: number, chargeNo: number) =>
  paymentEvent('payment.captured', order, newId('payment'), {
    ...{ amount, capturedAmount: amount },
    ...({ chargeNo } as object),
  })

const added = [{ variantId: 13, quantity: 1 }]
/** The catalog sells the holds of edits only as long as there is something. */
const withoutAdditions = (order: Order) => ({
  commitHolds: async ({ holdId }: CommitHolds) => (holdId === order.id ? ok() : OUT_OF_STOCK),
})

describe('editing an order', () => {
  it('is for staff, and needs a key unless it is a preview', async () => {
    const order = anOrder()
    const made = testDeps({ orders: [order] })
    const asked = { orderId: order.id, wanted: { items: added }, isPreview: false }
    expect(await editOrder(made.deps, OWNER, asked)).toMatchObject({ failure: { code: 'forbidden' } })
    expect(await editOrder(made.deps, ADMIN, asked)).toEqual(fail({ code: 'idempotency_key_required' }))
  })

  it('holds what it adds under its own id before it is saved, for as long as the order lives', async () => {
    const order = anOrder()
    const made = testDeps({ orders: [order] })
    expect(await edit(made, order, added)).toMatchObject({ value: { value: { outcome: { total: 3_500 } } } })
    const [held, ...then] = made.calls
    expect(held).toMatch(/^hold edit_/)
    expect(then[0]).toBe('save edited')
    expect(then.filter((call) => call.startsWith('extend'))).toHaveLength(2)
    expect(made.find(order.id)?.lines.at(-1)).toMatchObject({ variantId: 13, holdId: held?.slice('hold '.length) })
  })

  it('releases what it holds when it is refused, and nothing else', async () => {
    const order = anOrder()
    const made = testDeps({ orders: [order] })
    const saveChange = async () => 'lost' as const
    const deps = { ...made.deps, orders: { ...made.deps.orders, saveChange } }
    expect(await edit({ ...made, deps }, order, added)).toEqual(fail({ code: 'order_changed' }))
    const [held, released, ...others] = made.calls
    expect(released).toBe(held?.replace('hold', 'release'))
    expect(others).toEqual([])
  })

  it('saves nothing when the units are not in stock', async () => {
    const order = anOrder()
    const made = testDeps({
      orders: [order],
      catalog: { holdStock: async () => ({ ...OUT_OF_STOCK, failure: { ...OUT_OF_STOCK.failure, variantId: 13 } }) },
    })
    expect(await edit(made, order, added)).toMatchObject({ failure: { code: 'out_of_stock', variantId: 13 } })
    expect(made.find(order.id)).toEqual(order)
  })

  it('gives back to the stock what it takes off', async () => {
    const order = anOrder()
    const made = testDeps({ orders: [order] })
    await edit(made, order, quantitiesOf(order, [1, 0]))
    expect(made.calls).toEqual(expect.arrayContaining(['take back 1 of 11', 'take back 0 of 12']))
  })

  it('answers a repeated request with what the first one did', async () => {
    const order = anOrder()
    const made = testDeps({ orders: [order] })
    const key = { idempotencyKey: 'key-1' }
    const first = await edit(made, order, added, key)
    const again = await edit(made, order, added, key)
    if (!first.ok || !again.ok) throw new Error('Refused')
    expect(again.value).toEqual({ ...first.value, replayed: true })
    expect(await edit(made, order, quantitiesOf(order, [1]), key)).toEqual(fail({ code: 'idempotency_key_reused' }))
    expect(made.historyOf(order.id).map(({ type }) => type)).toEqual(['placed', 'edited'])
  })

  it('as a preview answers what would be, and changes and holds nothing', async () => {
    const order = aShippableOrder()
    const made = testDeps({ orders: [order] })
    const items = [...quantitiesOf(order, [0]), ...added]
    const preview = await edit(made, order, items, { isPreview: true, idempotencyKey: undefined })
    expect(preview).toMatchObject({
      value: { value: { order: { total: 1_500 }, outcome: { previousTotal: 2_500, total: 1_500, refund: 1_000 } } },
    })
    expect(made.calls).toEqual([])
    expect(made.find(order.id)).toEqual(order)
  })

  it('is refused where the order has another version than was read', async () => {
    const order = anOrder()
    const made = testDeps({ orders: [order] })
    expect(await edit(made, order, added, { versions: [7] })).toEqual(fail({ code: 'version_conflict' }))
  })
})

describe('what an edit adds to a paid order', () => {
  it('ships once it is paid, and is sold by then', async () => {
    const order = aShippableOrder()
    const made = testDeps({ orders: [order] })
    await edit(made, order, added)
    const due = made.find(order.id) ?? order
    const ship = () => createShipment(made.deps, ADMIN, order.id, draftOf(due, [2, 1, 1]), crypto.randomUUID())
    expect(await ship()).toEqual(fail({ code: 'payment_due', amountDue: 10, currency: 'USD' }))
    expect(await receiveEvents(made.deps, [payment(due, 1_000, 2)])).toMatchObject({
      value: [{ outcome: 'done', decision: 'accepted' }],
    })
    expect(made.find(order.id)).toMatchObject({ stockCommitted: true, capturedAmount: 3_500 })
    expect(made.calls.filter((call) => call.startsWith('sell edit_'))).toHaveLength(1)
    expect(await ship()).toMatchObject({ ok: true })
    expect(made.find(order.id)).toMatchObject({ status: 'shipped' })
  })

  it('is not paid by a payment of a former charge', async () => {
    const order = aShippableOrder()
    const made = testDeps({ orders: [order] })
    await edit(made, order, added)
    await edit(made, order, added)
    expect(await receiveEvents(made.deps, [payment(order, 1_000, 2)])).toMatchObject({
      value: [{ decision: 'rejected' }],
    })
    expect(await receiveEvents(made.deps, [payment(order, 2_000, 3)])).toMatchObject({
      value: [{ decision: 'accepted' }],
    })
  })

  it('is taken off again and paid back where it cannot be had any more, and the rest ships', async () => {
    const order = aShippableOrder()
    const made = testDeps({ orders: [order], catalog: withoutAdditions(order) })
    await edit(made, order, added)
    await receiveEvents(made.deps, [payment(order, 1_000, 2)])
    expect(made.find(order.id)).toMatchObject({
      ...{ status: 'processing', stockCommitted: true, total: 2_500, creditedAmount: 1_000 },
      lineRefunds: [{ origin: 'edit', state: 'reserved', amount: 1_000 }],
    })
    expect(made.find(order.id)?.lines).toHaveLength(2)
    expect(made.historyOf(order.id).at(-1)).toMatchObject({ type: 'edited', data: { reason: 'stock_gone' } })
  })

  it('is sold at once where nothing is due', async () => {
    const order = aShippableOrder()
    const made = testDeps({ orders: [order] })
    const edited = await edit(made, order, [...quantitiesOf(order, [1]), ...added])
    expect(edited).toMatchObject({ value: { value: { order: { stockCommitted: true } } } })
  })
})

describe('an unpaid order whose units cannot be had any more when it is paid', () => {
  it('loses what an edit added, and keeps what was ordered', async () => {
    const order = anOrder()
    const made = testDeps({ orders: [order], catalog: withoutAdditions(order) })
    await edit(made, order, added)
    await receiveEvents(made.deps, [payment(order, 3_500, 2)])
    expect(made.find(order.id)).toMatchObject({ status: 'processing', total: 2_500, creditedAmount: 1_000 })
  })

  it('is cancelled where units are missing that were ordered', async () => {
    const order = anOrder()
    const made = testDeps({ orders: [order], catalog: { commitHolds: async () => OUT_OF_STOCK } })
    await edit(made, order, added)
    await receiveEvents(made.deps, [payment(order, 3_500, 2)])
    expect(made.find(order.id)).toMatchObject({ status: 'cancelled', cancelReason: 'stock_gone' })
  })
})

describe('taking the last units off that were left to ship', () => {
  it('makes the order shipped', async () => {
    const order = aShippableOrder()
    const made = testDeps({ orders: [order] })
    await createShipment(made.deps, ADMIN, order.id, draftOf(order, [2, 0]), crypto.randomUUID())
    const edited = await edit(made, order, quantitiesOf(order, [undefined, 0]))
    expect(edited).toMatchObject({ value: { value: { order: { status: 'shipped' } } } })
  })
})
