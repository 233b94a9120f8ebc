import { eventually } from '@shop/testing/eventually'
import type { OrderBody } from '@shop/testing/order-body'
import type { ProductBody } from '@shop/testing/product-body'
import type { Account } from '@shop/testing/shop'
import { moneyKept } from '@shop/testing/stripe-js'
import { describe, expect, it } from 'vitest'
import { useFreshCustomer, useSharedPlatform } from './support/use-platform.ts'

const stage = useSharedPlatform()
useFreshCustomer(stage)

async function newOrder(): Promise<{ product: ProductBody; order: OrderBody }> {
  const product = await stage.shop.addProduct(stage.admin, { stock_quantity: 5 })
  return { product, order: (await stage.shop.placeOrder(stage.customer, [[product, 2]])).body.order }
}
async function paidOrder(): Promise<{ product: ProductBody; order: OrderBody; paymentId: string }> {
  const { product, order } = await newOrder()
  const paid = await stage.shop.pay(stage.customer, order, 'pm_card_visa')
  await stage.shop.orderBecomes(stage.customer, order.id, 'processing', 'paid')
  return { product, order, paymentId: paid.body.payment.id }
}
const move = (account: Account, { id }: { id: string }, status: string) =>
  stage.shop.request('PATCH', `/api/orders/${id}/status`, { token: account.token, body: { status } })
const refund = (paymentId: string, body: object) =>
  stage.shop.request('POST', `/api/payments/${paymentId}/refund`, {
    token: stage.admin.token,
    body,
    headers: { 'idempotency-key': crypto.randomUUID() },
  })
const eventsOf = async ({ id }: { id: string }, account: Account) =>
  (await stage.shop.request('GET', `/api/orders/${id}/events`, { token: account.token })).body.events
/** Sweeps until the order satisfies `isDone`: payments retries the delivery of facts that arrived too early. */
const sweepUntil = (order: OrderBody, isDone: (order: OrderBody) => boolean) =>
  eventually(
    async () => {
      await stage.platform.sweep()
      return stage.shop.getOrder(stage.customer, order.id)
    },
    isDone,
    20_000,
  )

describe('the events of an order', () => {
  it('record what happened, when and by whom, numbered without gaps', async () => {
    const { order, paymentId } = await paidOrder()
    for (const status of ['shipped', 'delivered']) await move(stage.admin, order, status)
    const events = await eventsOf(order, stage.admin)
    const [shipment] = (await stage.shop.getOrder(stage.customer, order.id)).shipments
    const system = { kind: 'system', user_id: null }
    const staff = { kind: 'staff', user_id: stage.admin.user.id }
    const customer = { kind: 'customer', user_id: stage.customer.user.id }
    expect(events.map(({ seq, type, actor, data }) => ({ seq, type, actor, data }))).toEqual([
      { seq: 1, type: 'placed', actor: customer, data: { amount: 25 } },
      { seq: 2, type: 'paid', actor: system, data: { amount: 25, payment_id: paymentId } },
      { seq: 3, type: 'stock_committed', actor: system, data: {} },
      { seq: 4, type: 'shipped', actor: staff, data: { shipment_id: shipment?.id } },
      { seq: 5, type: 'delivered', actor: staff, data: { shipment_id: shipment?.id } },
    ])
    const times = events.map(({ at }) => at)
    expect(times).toEqual(times.toSorted())
    expect(times[0]).toBe(order.created_at)
    expect(times.at(-1)).toBe((await stage.shop.getOrder(stage.customer, order.id)).updated_at)
  })

  it('are shown to the customer without naming the member of staff', async () => {
    const { order } = await newOrder()
    await move(stage.admin, order, 'cancelled')
    const [placed, cancelled] = await eventsOf(order, stage.customer)
    expect(placed?.actor).toEqual({ kind: 'customer', user_id: stage.customer.user.id })
    expect(cancelled).toMatchObject({
      type: 'cancelled',
      actor: { kind: 'staff', user_id: null },
      data: { reason: 'cancelled_by_staff' },
    })
  })

  it('are hidden from everybody else', async () => {
    const { order } = await newOrder()
    const stranger = await stage.shop.signUp()
    const path = `/api/orders/${order.id}/events`
    expect((await stage.shop.request('GET', path, { token: stranger.token })).status).toBe(404)
    expect((await stage.shop.request('GET', path)).status).toBe(401)
    expect((await stage.shop.request('GET', '/api/orders/order_1/events', { token: stranger.token })).status).toBe(404)
  })
})

describe('a refund', () => {
  it('in parts updates the order, and each part is an event', async () => {
    const { order, paymentId } = await paidOrder()
    expect((await refund(paymentId, { amount: 10 })).status).toBe(201)
    const part = await sweepUntil(order, ({ payment_status }) => payment_status === 'partially_refunded')
    expect([part.captured_amount, part.refunded_amount, part.status]).toEqual([25, 10, 'processing'])
    expect((await refund(paymentId, {})).status).toBe(201)
    const whole = await sweepUntil(order, ({ payment_status }) => payment_status === 'refunded')
    expect([whole.captured_amount, whole.refunded_amount, whole.status]).toEqual([25, 25, 'processing'])
    const refunds = (await eventsOf(order, stage.admin)).filter(({ type }) => type === 'refunded')
    expect(refunds.map(({ actor, data }) => [actor.kind, data.amount, data.payment_id])).toEqual([
      ['staff', 10, paymentId],
      ['staff', 15, paymentId],
    ])
    expect(moneyKept(stage.platform.stripe, order)).toBe(0)
  })
})

describe('staff who cancel a paid order before it ships', () => {
  it('refund its money and return its stock, once, however often the payment is checked', async () => {
    const { product, order } = await paidOrder()
    await stage.shop.stockBecomes(product.id, 3)
    const cancelled = await move(stage.admin, order, 'cancelled')
    expect([cancelled.status, cancelled.body.order]).toMatchObject([
      200,
      { status: 'cancelled', cancel_reason: 'cancelled_by_staff' },
    ])
    expect((await move(stage.admin, order, 'cancelled')).status).toBe(200)
    const ended = await sweepUntil(order, ({ payment_status }) => payment_status === 'refunded')
    expect([ended.status, ended.captured_amount, ended.refunded_amount]).toEqual(['cancelled', 25, 25])
    await stage.shop.stockBecomes(product.id, 5)
    for (let round = 0; round < 3; round += 1) await stage.platform.sweep()
    expect((await stage.shop.getProduct(product.id)).stock_quantity).toBe(5)
    expect(moneyKept(stage.platform.stripe, order)).toBe(0)
    const types = (await eventsOf(order, stage.admin)).map(({ type }) => type)
    expect(types.slice(0, 4)).toEqual(['placed', 'paid', 'stock_committed', 'cancelled'])
    expect(types.slice(4).toSorted()).toEqual(['refunded', 'stock_returned'])
  })

  it('refund only what earlier refunds have left', async () => {
    const { product, order, paymentId } = await paidOrder()
    await refund(paymentId, { amount: 10 })
    await sweepUntil(order, ({ payment_status }) => payment_status === 'partially_refunded')
    await move(stage.admin, order, 'cancelled')
    const ended = await sweepUntil(order, ({ payment_status }) => payment_status === 'refunded')
    expect([ended.captured_amount, ended.refunded_amount]).toEqual([25, 25])
    await stage.shop.stockBecomes(product.id, 5)
    expect(moneyKept(stage.platform.stripe, order)).toBe(0)
  })
})
