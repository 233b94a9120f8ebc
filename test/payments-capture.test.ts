import { LOCAL_STRIPE } from '@shop/local-environment/environment'
import { eventually } from '@shop/testing/eventually'
import type { OrderBody } from '@shop/testing/order-body'
import type { PaymentBody } from '@shop/testing/payment-bodies'
import { intentsOf, moneyKept } from '@shop/testing/stripe-js'
import Stripe from 'stripe'
import { afterEach, describe, expect, it } from 'vitest'
import { useFreshCustomer, usePlatform } from './support/use-platform.ts'

const stage = usePlatform({ attemptSeconds: 1, paymentCheckSeconds: 1, paymentCapture: 'manual' })
useFreshCustomer(stage)

const CAPTURE = { method: 'POST', path: '/v1/payment_intents/:id/capture' }
const SWEEP_WITHIN_MS = 8_000

afterEach(() => {
  stage.platform.stripe.faults.clear()
})

type Authorized = { order: OrderBody; payment: PaymentBody; productId: number }

/** An order of 25.00 USD of a new product with ten units. Its payment is authorized, not captured. */
async function authorizedOrder(): Promise<Authorized> {
  const { shop, admin, customer } = stage
  const product = await shop.addProduct(admin, { price: 12.5, stock_quantity: 10 })
  const { order } = (await shop.placeOrder(customer, [[product, 2]])).body
  const paid = await shop.pay(customer, order, 'pm_card_visa')
  expect([paid.status, paid.body.payment.status]).toEqual([201, 'requires_capture'])
  await shop.orderBecomes(customer, order.id, 'processing', 'authorized')
  return { order, payment: paid.body.payment, productId: product.id }
}

const move = ({ order }: Authorized, status: string) =>
  stage.shop.request('PATCH', `/api/orders/${order.id}/status`, { token: stage.admin.token, body: { status } })
const capture = ({ payment }: Authorized, body: { amount?: number } = {}, key: string = crypto.randomUUID()) =>
  stage.shop.request('POST', `/api/payments/${payment.id}/capture`, {
    token: stage.admin.token,
    body,
    headers: { 'idempotency-key': key },
  })
const kept = ({ order }: Authorized) => moneyKept(stage.platform.stripe, order)
const intentOf = ({ order }: Authorized) => intentsOf(stage.platform.stripe, order)[0]
const readPayment = async ({ payment }: Authorized) =>
  (await stage.shop.request('GET', `/api/payments/${payment.id}`, { token: stage.admin.token })).body.payment

/** Sweeps until the order has this status and payment status. */
function becomes({ order }: Authorized, status: string, paymentStatus: string): Promise<OrderBody> {
  const look = async () => {
    await stage.platform.sweep()
    return stage.shop.getOrder(stage.customer, order.id)
  }
  return eventually(look, (found) => found.status === status && found.payment_status === paymentStatus, SWEEP_WITHIN_MS)
}

describe('an order of which a part ships', () => {
  it('is captured in full by its first shipment, once', async () => {
    const authorized = await authorizedOrder()
    const { id, items } = authorized.order
    const ship = () =>
      stage.shop.request('POST', `/api/orders/${id}/shipments`, {
        token: stage.admin.token,
        body: { items: [{ line_id: items[0]?.id, quantity: 1 }] },
        headers: { 'idempotency-key': crypto.randomUUID() },
      })
    const isShipped = ({ status }: { status: number }) => status === 201
    await eventually(ship, isShipped, SWEEP_WITHIN_MS)
    await becomes(authorized, 'processing', 'paid')
    expect(kept(authorized)).toBe(2_500)
    await eventually(ship, isShipped, SWEEP_WITHIN_MS)
    await becomes(authorized, 'shipped', 'paid')
    expect(kept(authorized)).toBe(2_500)
  })
})

describe('a unit that an authorized order does not have any more', () => {
  const keyed = (path: string, body: unknown) =>
    stage.shop.request('POST', path, {
      token: stage.admin.token,
      body,
      headers: { 'idempotency-key': crypto.randomUUID() },
    })

  it('is not captured by the first shipment, nor by staff', async () => {
    const authorized = await authorizedOrder()
    const { id, items } = authorized.order
    const edit = () => keyed(`/api/orders/${id}/edits`, { items: [{ line_id: items[0]?.id, quantity: 1 }] })
    expect((await eventually(edit, ({ status }) => status !== 409, SWEEP_WITHIN_MS)).status).toBe(200)
    await stage.shop.stockBecomes(authorized.productId, 9)
    expect((await capture(authorized, { amount: 12.51 })).body).toMatchObject({
      code: 'capture_exceeds_authorized',
      authorized: 12.5,
    })
    expect((await move(authorized, 'shipped')).status).toBe(200)
    await becomes(authorized, 'shipped', 'paid')
    expect(kept(authorized)).toBe(1_250)
    expect(await stage.shop.getOrder(stage.customer, id)).toMatchObject({ total_amount: 12.5, captured_amount: 12.5 })
  })

  it('cannot be one that was refunded by line: nothing was captured, so it stays to ship', async () => {
    const authorized = await authorizedOrder()
    const { id, items } = authorized.order
    const body = { items: [{ line_id: items[0]?.id, quantity: 1 }] }
    const refund = await keyed(`/api/payments/${authorized.payment.id}/refund`, body)
    expect([refund.status, refund.body]).toMatchObject([409, { code: 'quantity_exceeds_refundable', left: 0 }])
    const order = await stage.shop.getOrder(stage.admin, id)
    expect(order.items).toMatchObject([{ quantity: 2, removed_quantity: 0 }])
    expect((await move(authorized, 'shipped')).status).toBe(200)
    await becomes(authorized, 'shipped', 'paid')
    expect(kept(authorized)).toBe(2_500)
  })
})

describe('an order that ships after its authorization has ended', () => {
  it('cannot be captured, and staff see that its money never came', async () => {
    const { stripe } = stage.platform
    const authorized = await authorizedOrder()
    const { id = '' } = intentOf(authorized) ?? {}
    stripe.webhooks.pause()
    const { hostname, port } = new URL(stripe.url)
    const dashboard = new Stripe(LOCAL_STRIPE.secretKey, { host: hostname, port, protocol: 'http' })
    await dashboard.paymentIntents.cancel(id)
    expect((await move(authorized, 'shipped')).status).toBe(200)
    const { token } = stage.admin
    const look = async () => {
      await stage.platform.sweep()
      const { discrepancies } = (await stage.shop.request('GET', '/api/payments/discrepancies', { token })).body
      return discrepancies.filter(({ subject }) => subject === id)
    }
    const [found] = await eventually(look, ({ length }) => length > 0, SWEEP_WITHIN_MS)
    expect(found).toMatchObject({ kind: 'capture_lost', payment_id: authorized.payment.id, shop: '25 USD, shipped' })
    expect(kept(authorized)).toBe(0)
    stripe.webhooks.resume()
  })
})

describe('a payment with manual capture', () => {
  it('is authorized when the customer pays, which reserves the goods for them', async () => {
    const authorized = await authorizedOrder()
    expect(kept(authorized)).toBe(0)
    expect(await readPayment(authorized)).toMatchObject({ capture_method: 'manual', captured_amount: 0 })
    await stage.shop.stockBecomes(authorized.productId, 8)
    const again = await stage.shop.pay(stage.customer, authorized.order, 'pm_card_visa')
    expect(again.status).toBe(409)
    expect(intentsOf(stage.platform.stripe, authorized.order)).toHaveLength(1)
  })

  it('is captured when the order ships', async () => {
    const authorized = await authorizedOrder()
    expect((await move(authorized, 'shipped')).status).toBe(200)
    await becomes(authorized, 'shipped', 'paid')
    expect(kept(authorized)).toBe(2_500)
    expect(await readPayment(authorized)).toMatchObject({ status: 'succeeded', captured_amount: 25 })
  })

  it.each(['cut_before', 'cut_after'] as const)(
    'is captured once, although Stripe’s answer was lost (%s)',
    async (kind) => {
      const authorized = await authorizedOrder()
      stage.platform.stripe.faults.add({ kind, match: CAPTURE, times: 2 })
      await move(authorized, 'shipped')
      await becomes(authorized, 'shipped', 'paid')
      expect(kept(authorized)).toBe(2_500)
    },
  )

  it.each(['during', 'after'] as const)(
    'is captured once, although Stripe returned an error %s the work',
    async (at) => {
      const authorized = await authorizedOrder()
      stage.platform.stripe.faults.add({ kind: 'status', status: 500, at, match: CAPTURE })
      await move(authorized, 'shipped')
      await becomes(authorized, 'shipped', 'paid')
      expect(kept(authorized)).toBe(2_500)
    },
  )

  it('is voided when the order is cancelled, and the goods go back on sale', async () => {
    const authorized = await authorizedOrder()
    expect((await move(authorized, 'cancelled')).status).toBe(200)
    await eventually(
      async () => {
        await stage.platform.sweep()
        return intentOf(authorized)?.status
      },
      (status) => status === 'canceled',
      SWEEP_WITHIN_MS,
    )
    expect(kept(authorized)).toBe(0)
    await stage.platform.sweep()
    await stage.shop.stockBecomes(authorized.productId, 10)
  })
})

describe('staff', () => {
  it('capture a part of it, once, which releases the rest', async () => {
    const authorized = await authorizedOrder()
    const key = crypto.randomUUID()
    const captured = await capture(authorized, { amount: 20 }, key)
    expect([captured.status, captured.body.payment]).toMatchObject([
      200,
      { status: 'succeeded', amount: 25, captured_amount: 20 },
    ])
    expect(kept(authorized)).toBe(2_000)
    const again = await capture(authorized, { amount: 20 }, key)
    expect([again.status, again.body, again.headers.get('idempotency-replayed')]).toEqual([200, captured.body, 'true'])
    expect((await capture(authorized, { amount: 1 }, key)).body.code).toBe('idempotency_key_reused')
    expect((await capture(authorized)).body).toMatchObject({
      code: 'payment_not_capturable',
      payment_status: 'succeeded',
    })
    await becomes(authorized, 'processing', 'paid')
    expect(await stage.shop.getOrder(stage.customer, authorized.order.id)).toMatchObject({ captured_amount: 20 })
    await move(authorized, 'shipped')
    await stage.platform.sweep()
    expect(kept(authorized)).toBe(2_000)
  })

  it('cannot capture more than was authorized, or nothing', async () => {
    const authorized = await authorizedOrder()
    expect((await capture(authorized, { amount: 25.01 })).body).toMatchObject({
      code: 'capture_exceeds_authorized',
      authorized: 25,
    })
    expect((await capture(authorized, { amount: 0 })).status).toBe(422)
    const path = `/api/payments/${authorized.payment.id}/capture`
    const without = await stage.shop.request('POST', path, { token: stage.admin.token, body: {} })
    expect([without.status, without.body.code]).toEqual([400, 'idempotency_key_required'])
    expect(kept(authorized)).toBe(0)
  })

  it('who edit the order while a capture of all of it is open have the rest refunded once it is made', async () => {
    const authorized = await authorizedOrder()
    const { order } = authorized
    stage.platform.stripe.faults.add({ kind: 'cut_before', match: CAPTURE, times: 2 })
    expect((await capture(authorized)).status).toBe(503)
    expect(kept(authorized)).toBe(0)
    const edited = await stage.shop.request('POST', `/api/orders/${order.id}/edits`, {
      token: stage.admin.token,
      body: { items: [{ line_id: order.items[0]?.id, quantity: 1 }] },
      headers: { 'idempotency-key': crypto.randomUUID() },
    })
    expect([edited.status, edited.body.edit]).toEqual([200, { previous_total: 25, total: 12.5, refund: 0 }])
    expect(await becomes(authorized, 'processing', 'partially_refunded')).toMatchObject({ refunded_amount: 12.5 })
    expect(kept(authorized)).toBe(1_250)
  })

  it('capturing it ten times at once capture it once', async () => {
    const authorized = await authorizedOrder()
    const answers = await Promise.all(Array.from({ length: 10 }, () => capture(authorized, { amount: 15 })))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    for (const { status, body } of answers) {
      if (status === 200) continue
      expect([409, ['payment_in_progress', 'payment_not_capturable'].includes(body.code)]).toEqual([status, true])
    }
    expect(kept(authorized)).toBe(1_500)
  })

  it('refund no more than they captured', async () => {
    const authorized = await authorizedOrder()
    await capture(authorized, { amount: 20 })
    const refund = (amount: number) =>
      stage.shop.request('POST', `/api/payments/${authorized.payment.id}/refund`, {
        token: stage.admin.token,
        body: { amount },
        headers: { 'idempotency-key': crypto.randomUUID() },
      })
    expect((await refund(20.01)).body).toMatchObject({ code: 'refund_exceeds_captured', left: 20 })
    expect((await refund(20)).status).toBe(201)
    expect(kept(authorized)).toBe(0)
    await becomes(authorized, 'processing', 'refunded')
  })
})

// Last, since Stripe's test clock cannot move backwards.
describe('an authorization', () => {
  it('that expires at Stripe cancels its order', async () => {
    const authorized = await authorizedOrder()
    stage.platform.stripe.advanceClock(8 * 24 * 3_600_000)
    const order = await becomes(authorized, 'cancelled', 'unpaid')
    expect(order.cancel_reason).toBe('authorization_lost')
    await stage.shop.stockBecomes(authorized.productId, 10)
  })
})
