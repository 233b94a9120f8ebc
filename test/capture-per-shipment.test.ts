import { LOCAL_STRIPE } from '@shop/local-environment/environment'
import { eventually } from '@shop/testing/eventually'
import type { OrderBody } from '@shop/testing/order-body'
import type { PaymentBody } from '@shop/testing/payment-bodies'
import { intentsOf, moneyKept } from '@shop/testing/stripe-js'
import Stripe from 'stripe'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { booksMismatches } from './support/books.ts'
import { useFreshCustomer, usePlatform } from './support/use-platform.ts'

const stage = usePlatform({ attemptSeconds: 1, paymentCheckSeconds: 1, paymentCapture: 'per_shipment' })
useFreshCustomer(stage)

// Each test waits for several sweeps.
vi.setConfig({ testTimeout: 180_000 })

const CAPTURE = { method: 'POST', path: '/v1/payment_intents/:id/capture' }
const WITHIN_MS = 60_000
/** About as many as shipping and capturing make. */
const MOST_REQUESTS = 24

afterEach(() => {
  stage.platform.stripe.faults.clear()
  stage.platform.database.faults.clear()
})

type Authorized = { order: OrderBody; payment: PaymentBody }

/**
 * An order of three units of 12.50 USD and one of 5.00 USD: 42.50 USD, authorized.
 *
 * @param more lines of one unit of these products, and the codes of gift cards that pay
 */
async function authorizedOrder(card = 'pm_card_visa', more: { ids?: number[]; codes?: string[] } = {}) {
  const { shop, admin, customer } = stage
  const mug = await shop.addProduct(admin, { price: 12.5, stock_quantity: 10 })
  const paper = await shop.addProduct(admin, { price: 5, stock_quantity: 10 })
  const ones = [paper.id, ...(more.ids ?? [])].map((id) => ({ product_id: id, quantity: 1 }))
  const body = { items: [{ product_id: mug.id, quantity: 3 }, ...ones], gift_cards: more.codes ?? [] }
  const { order }: { order: OrderBody } = (await shop.placeOrder(customer, [], { body })).body
  const paid = await shop.pay(customer, order, card)
  expect([paid.status, paid.body.payment.status]).toEqual([201, 'requires_capture'])
  await shop.orderBecomes(customer, order.id, 'processing', 'authorized')
  const payment: PaymentBody = paid.body.payment
  return { order, payment }
}

const keyed = (path: string, body: unknown, key: string = crypto.randomUUID()) =>
  stage.shop.request('POST', path, { token: stage.admin.token, body, headers: { 'idempotency-key': key } })

/** Ships so many units of each line, as soon as the order can ship. */
function ship({ order }: Authorized, ...quantities: number[]) {
  const items = order.items.flatMap(({ id }, at) => (quantities[at] ? [{ line_id: id, quantity: quantities[at] }] : []))
  const key = crypto.randomUUID()
  const make = async () => {
    const made = await keyed(`/api/orders/${order.id}/shipments`, { items }, key)
    if (made.status !== 201) await stage.platform.sweep()
    return made
  }
  return eventually(make, ({ status }) => status === 201, WITHIN_MS)
}

/** Sweeps until the order has this status and payment status. */
function becomes({ order }: Authorized, status: string, paymentStatus: string): Promise<OrderBody> {
  const look = async () => {
    await stage.platform.sweep()
    return stage.shop.getOrder(stage.customer, order.id)
  }
  return eventually(look, (found) => found.status === status && found.payment_status === paymentStatus, WITHIN_MS)
}

const kept = ({ order }: Authorized) => moneyKept(stage.platform.stripe, order)
const intentOf = ({ order }: Authorized) => intentsOf(stage.platform.stripe, order)[0]
const refund = ({ payment }: Authorized, body: unknown) => keyed(`/api/payments/${payment.id}/refund`, body)
const readPayment = async ({ payment }: Authorized) =>
  (await stage.shop.request('GET', `/api/payments/${payment.id}`, { token: stage.admin.token })).body.payment

const capturesInLedger = async ({ payment }: Authorized) => {
  const path = `/api/payments/ledger?payment_id=${payment.id}`
  const { entries } = (await stage.shop.request('GET', path, { token: stage.admin.token })).body
  return entries.filter(({ debit, credit }) => debit === 'stripe' && credit === 'sales').map(({ amount }) => amount)
}

/** Nothing is left to do, and orders, payments, ledger, stock and Stripe agree. */
async function expectBooks() {
  await stage.platform.sweep()
  expect(await booksMismatches(stage.platform)).toEqual([])
}

/** Ships one unit, which is captured; then the rest of the authorization is cancelled at Stripe. @returns the id of its PaymentIntent */
async function losesRest(authorized: Authorized): Promise<string> {
  const { id = '' } = intentOf(authorized) ?? {}
  await ship(authorized, 1)
  await becomes(authorized, 'processing', 'partially_paid')
  const { hostname, port } = new URL(stage.platform.stripe.url)
  await new Stripe(LOCAL_STRIPE.secretKey, { host: hostname, port, protocol: 'http' }).paymentIntents.cancel(id)
  return id
}

describe('an order that ships in two parts', () => {
  it('pays for each part as it leaves, and for the rest with the last', async () => {
    const authorized = await authorizedOrder()
    await ship(authorized, 1)
    const part = await becomes(authorized, 'processing', 'partially_paid')
    expect(part).toMatchObject({ captured_amount: 12.5, fulfillment_status: 'partially_fulfilled' })
    expect(intentOf(authorized)).toMatchObject({
      ...{ status: 'requires_capture', amount_received: 1_250, amount_capturable: 3_000 },
    })
    expect(await readPayment(authorized)).toMatchObject({ status: 'requires_capture', captured_amount: 12.5 })
    await expectBooks()
    await ship(authorized, 2, 1)
    await becomes(authorized, 'shipped', 'paid')
    expect(intentOf(authorized)).toMatchObject({ status: 'succeeded', amount_received: 4_250 })
    expect(await capturesInLedger(authorized)).toEqual([30, 12.5])
    await expectBooks()
  })

  it('is invoiced once, when the first of its money is captured', async () => {
    const authorized = await authorizedOrder()
    const { token } = stage.admin
    const path = `/api/orders/${authorized.order.id}/invoices`
    const invoices = async () => (await stage.shop.request('GET', path, { token })).body.invoices
    expect(await invoices()).toEqual([])
    await ship(authorized, 1)
    await becomes(authorized, 'processing', 'partially_paid')
    const issued = await invoices()
    expect(issued).toMatchObject([{ kind: 'invoice', total_amount: 42.5 }])
    await ship(authorized, 2, 1)
    await becomes(authorized, 'shipped', 'paid')
    expect(await invoices()).toEqual(issued)
  })

  it.each(['cut_before', 'cut_after'] as const)(
    'captures each part once, although Stripe’s answers were lost (%s)',
    async (kind) => {
      const authorized = await authorizedOrder()
      stage.platform.stripe.faults.add({ kind, match: CAPTURE, times: 2 })
      await ship(authorized, 2)
      await becomes(authorized, 'processing', 'partially_paid')
      expect(kept(authorized)).toBe(2_500)
      stage.platform.stripe.faults.add({ kind, match: CAPTURE, times: 2 })
      await ship(authorized, 1, 1)
      await becomes(authorized, 'shipped', 'paid')
      expect(kept(authorized)).toBe(4_250)
      expect(await capturesInLedger(authorized)).toEqual([17.5, 25])
      await expectBooks()
    },
  )

  it('captures each part once, whatever request to the database is lost', async () => {
    const { faults } = stage.platform.database
    const orders: Authorized[] = []
    for (let skip = 0; skip < MOST_REQUESTS; skip += 6) {
      const authorized = await authorizedOrder()
      orders.push(authorized)
      const fault = faults.add({ kind: 'cut_after', skip })
      await ship(authorized, 1)
      await becomes(authorized, 'processing', 'partially_paid')
      fault.remove()
    }
    for (const authorized of orders) await ship(authorized, 2, 1)
    for (const authorized of orders) await becomes(authorized, 'shipped', 'paid')
    for (const authorized of orders) expect(await capturesInLedger(authorized)).toEqual([30, 12.5])
    await expectBooks()
  }, 300_000)

  it('pays for two parts that left before either was captured', async () => {
    const authorized = await authorizedOrder()
    await Promise.all([ship(authorized, 1), ship(authorized, 1)])
    await becomes(authorized, 'processing', 'partially_paid')
    await stage.platform.sweep()
    expect(kept(authorized)).toBe(2_500)
    await expectBooks()
  })

  it('pays all with the first part where the card allows one capture only', async () => {
    const authorized = await authorizedOrder('pm_card_jcb')
    await ship(authorized, 1)
    await becomes(authorized, 'processing', 'paid')
    expect(kept(authorized)).toBe(4_250)
    await ship(authorized, 2, 1)
    await becomes(authorized, 'shipped', 'paid')
    expect(kept(authorized)).toBe(4_250)
    await expectBooks()
  })
})

describe('an order that was paid in part', () => {
  it('gives back what was captured: by amount, and by line for units that have left', async () => {
    const authorized = await authorizedOrder()
    const [mug, paper] = authorized.order.items
    await ship(authorized, 2)
    await becomes(authorized, 'processing', 'partially_paid')
    expect((await refund(authorized, { amount: 25.01 })).body).toMatchObject({
      ...{ code: 'refund_exceeds_captured', left: 25 },
    })
    const notLeft = await refund(authorized, { items: [{ line_id: paper?.id, quantity: 1 }] })
    expect(notLeft.body).toMatchObject({ code: 'quantity_exceeds_refundable', left: 0 })
    const byLine = await refund(authorized, { items: [{ line_id: mug?.id, quantity: 1 }] })
    expect([byLine.status, byLine.body.refund]).toMatchObject([201, { amount: 12.5 }])
    expect((await refund(authorized, { amount: 2.5 })).status).toBe(201)
    const part = await becomes(authorized, 'processing', 'partially_paid')
    expect(part).toMatchObject({ captured_amount: 25, refunded_amount: 15 })
    await expectBooks()
    await ship(authorized, 1, 1)
    await becomes(authorized, 'shipped', 'partially_refunded')
    expect(kept(authorized)).toBe(4_250 - 1_500)
    await expectBooks()
  })

  it('does not pay for units that an edit takes off, and frees their money', async () => {
    const authorized = await authorizedOrder()
    const [mug, paper] = authorized.order.items
    await ship(authorized, 1)
    await becomes(authorized, 'processing', 'partially_paid')
    const edit = (items: unknown[]) => keyed(`/api/orders/${authorized.order.id}/edits`, { items })
    expect((await edit([{ line_id: mug?.id, quantity: 4 }])).body).toMatchObject({ reason: 'authorized' })
    expect((await edit([{ line_id: mug?.id, quantity: 2 }])).status).toBe(200)
    await ship(authorized, 1)
    await eventually(
      async () => {
        await stage.platform.sweep()
        return kept(authorized)
      },
      (money) => money === 2_500,
      WITHIN_MS,
    )
    expect((await edit([{ line_id: paper?.id, quantity: 0 }])).status).toBe(200)
    await becomes(authorized, 'shipped', 'paid')
    expect(intentOf(authorized)).toMatchObject({ status: 'succeeded', amount_received: 2_500 })
    await expectBooks()
  })

  it('cannot be cancelled', async () => {
    const authorized = await authorizedOrder()
    await ship(authorized, 1)
    await becomes(authorized, 'processing', 'partially_paid')
    const path = `/api/orders/${authorized.order.id}/status`
    const cancelled = await stage.shop.request('PATCH', path, {
      token: stage.admin.token,
      body: { status: 'cancelled' },
    })
    expect(cancelled.status).toBe(409)
  })

  it('is paid with what staff capture of the rest, which gives up what is left', async () => {
    const authorized = await authorizedOrder()
    await ship(authorized, 1)
    await becomes(authorized, 'processing', 'partially_paid')
    const capture = (body: unknown) => keyed(`/api/payments/${authorized.payment.id}/capture`, body)
    expect((await capture({ amount: 30.01 })).body).toMatchObject({
      ...{ code: 'capture_exceeds_authorized', authorized: 30 },
    })
    const captured = await capture({ amount: 10 })
    expect(captured.body.payment).toMatchObject({ status: 'succeeded', captured_amount: 22.5 })
    await becomes(authorized, 'processing', 'paid')
    await ship(authorized, 2, 1)
    await becomes(authorized, 'shipped', 'paid')
    expect(kept(authorized)).toBe(2_250)
    await expectBooks()
  })

  it('keeps what was captured when the rest is lost, and staff see what never came', async () => {
    const authorized = await authorizedOrder()
    const id = await losesRest(authorized)
    await ship(authorized, 2, 1)
    const { token } = stage.admin
    const look = async () => {
      await stage.platform.sweep()
      const { discrepancies } = (await stage.shop.request('GET', '/api/payments/discrepancies', { token })).body
      return discrepancies.filter(({ subject, kind }) => subject === id && kind === 'capture_lost')
    }
    const [found] = await eventually(look, ({ length }) => length > 0, WITHIN_MS)
    expect(found).toMatchObject({
      payment_id: authorized.payment.id,
      stripe: '12.5 USD captured',
      shop: '30 USD, shipped',
    })
    await becomes(authorized, 'shipped', 'partially_paid')
    expect(kept(authorized)).toBe(1_250)
  })
})

describe('an order of which an edit takes off all that was not captured', () => {
  const edit = ({ order }: Authorized, quantities: number[]) => {
    const items = quantities.map((quantity, at) => ({ line_id: order.items[at]?.id, quantity }))
    return keyed(`/api/orders/${order.id}/edits`, { items })
  }

  it('is paid by its gift cards, which get the rest back, and its authorization is voided', async () => {
    const issued = await keyed('/api/gift-cards', { amount: 40, currency: 'USD' })
    const { id, code } = issued.body.gift_card
    const authorized = await authorizedOrder('pm_card_visa', { codes: [code] })
    await ship(authorized, 3)
    await becomes(authorized, 'processing', 'authorized')
    expect((await edit(authorized, [3, 0])).status).toBe(200)
    await becomes(authorized, 'shipped', 'partially_refunded')
    const card = await stage.shop.request('GET', `/api/gift-cards/${id}`, { token: stage.admin.token })
    expect(card.body.gift_card.balance).toBe(2.5)
    expect(intentOf(authorized)).toMatchObject({ status: 'canceled', amount_received: 0 })
    await expectBooks()
  })

  it('is paid, although its authorization ended before the edit', async () => {
    const authorized = await authorizedOrder()
    await losesRest(authorized)
    const look = async () => {
      await stage.platform.sweep()
      return readPayment(authorized)
    }
    await eventually(look, ({ status }) => status === 'succeeded', WITHIN_MS)
    await becomes(authorized, 'processing', 'partially_paid')
    expect((await edit(authorized, [1, 0])).status).toBe(200)
    await becomes(authorized, 'shipped', 'paid')
    expect(kept(authorized)).toBe(1_250)
    await expectBooks()
  })
})

describe('an order that buys a gift card', () => {
  it('pays for it with the first shipment, and is paid with the last parcel', async () => {
    const { shop, admin } = stage
    const card = await shop.addProduct(admin, { type: 'gift_card', price: 20 })
    const authorized = await authorizedOrder('pm_card_visa', { ids: [card.id] })
    await ship(authorized, 1)
    const part = await becomes(authorized, 'processing', 'partially_paid')
    expect(part.captured_amount).toBe(32.5)
    await ship(authorized, 2, 1)
    await becomes(authorized, 'shipped', 'paid')
    expect(kept(authorized)).toBe(6_250)
    await expectBooks()
  })
})
