import { encodeCursor } from '@shop/kernel/pagination'
import { eventually } from '@shop/testing/eventually'
import { intentsOf, moneyKept } from '@shop/testing/stripe-js'
import { deliverWebhook, intentEvent } from '@shop/testing/webhook'
import { describe, expect, it } from 'vitest'
import { QUICK_CHECKS, useFreshCustomer, useSharedPlatform } from './support/use-platform.ts'

/** Bugs that a review of orders and payments reported. Each test is named by the rule that was broken. */
const stage = useSharedPlatform(QUICK_CHECKS)
useFreshCustomer(stage)

const WITHIN_MS = 20_000
const CANCEL = 'POST /v1/payment_intents/:id/cancel'

const newOrder = async (over: Record<string, unknown> = {}) => {
  const { shop, admin, customer } = stage
  const product = await shop.addProduct(admin, over)
  return { product, order: (await shop.placeOrder(customer, [[product, 2]])).body.order }
}

describe('a cancelled order', () => {
  it('has its PaymentIntent cancelled after its bank debit, which could not be cancelled, has failed', async () => {
    const { platform, shop, customer } = stage
    const { order } = await newOrder()
    expect((await shop.pay(customer, order, 'pm_usBankAccount')).body.payment.status).toBe('processing')
    const body = { status: 'cancelled' }
    await shop.request('PATCH', `/api/orders/${order.id}/status`, { token: customer.token, body })
    await eventually(
      async () => platform.stripe.counts.byEndpoint()[CANCEL] ?? 0,
      (asked) => asked > 0,
      WITHIN_MS,
    )
    const [intent] = intentsOf(platform.stripe, order)
    platform.stripe.settle(intent?.id ?? '', 'fail')
    await eventually(
      async () => {
        await platform.sweep()
        return intentsOf(platform.stripe, order).map(({ status }) => status)
      },
      ([status]) => status === 'canceled',
      WITHIN_MS,
    )
    const { payment } = (await shop.request('GET', `/api/payments/order/${order.id}`, { token: customer.token })).body
    expect([payment.status, moneyKept(platform.stripe, order)]).toEqual(['canceled', 0])
  })
})

describe('an order whose refund the bank returns', () => {
  it('shows once that the shop has the money again, and can be refunded anew', async () => {
    const { platform, shop, admin, customer } = stage
    const { order } = await newOrder()
    const { payment } = (await shop.pay(customer, order, 'pm_card_visa')).body
    const refund = () => {
      const headers = { 'idempotency-key': crypto.randomUUID() }
      return shop.request('POST', `/api/payments/${payment.id}/refund`, { token: admin.token, headers, body: {} })
    }
    expect((await refund()).status).toBe(201)
    await shop.orderBecomes(customer, order.id, 'processing', 'refunded')
    const [atStripe] = platform.stripe
      .refunds()
      .filter(({ payment_intent: id }) => id === intentsOf(platform.stripe, order)[0]?.id)
    platform.stripe.settleRefund(atStripe?.id ?? '', 'fail')
    const returned = await shop.orderBecomes(customer, order.id, 'processing', 'paid')
    expect([returned.captured_amount, returned.refunded_amount]).toEqual([25, 0])
    expect((await refund()).status).toBe(201)
    await shop.orderBecomes(customer, order.id, 'processing', 'refunded')
    const { events } = (await shop.request('GET', `/api/orders/${order.id}/events`, { token: customer.token })).body
    const ofMoney = events.filter(({ type }) => type.startsWith('refund')).map(({ type, data }) => [type, data.amount])
    expect(ofMoney).toEqual([
      ['refunded', 25],
      ['refund_returned', 25],
      ['refunded', 25],
    ])
    expect(moneyKept(platform.stripe, order)).toBe(0)
  })
})

describe('an order in ariary, which Stripe counts in whole units', () => {
  it('is charged its total and refunded the requested amount, not a hundred times as much', async () => {
    const { platform, shop, admin, customer } = stage
    const { order } = await newOrder({ price: 1_500, currency: 'MGA' })
    const { payment } = (await shop.pay(customer, order, 'pm_card_visa')).body
    expect(intentsOf(platform.stripe, order)).toMatchObject([{ amount: 3_000, amount_received: 3_000 }])
    expect([payment.amount, payment.captured_amount]).toEqual([3_000, 3_000])
    const headers = { 'idempotency-key': crypto.randomUUID() }
    const body = { amount: 1_000 }
    const path = `/api/payments/${payment.id}/refund`
    const refunded = await shop.request('POST', path, { token: admin.token, headers, body })
    expect([refunded.status, refunded.body.refund.amount]).toEqual([201, 1_000])
    expect(moneyKept(platform.stripe, order)).toBe(2_000)
  })
})

describe('a Stripe event', () => {
  it('is stored whatever text it contains', async () => {
    const shipping = { name: 'Eve\u0000 \ud800', address: null }
    const event = intentEvent('created', { object: 'payment_intent', currency: 'usd', status: 'canceled', shipping })
    expect((await deliverWebhook(stage.shop, event)).status).toBe(200)
  })
})

describe('a cursor', () => {
  it.each(['/api/payments/disputes?', '/api/payments/events?flagged=true&'])(
    'of %s that was forged is refused, whatever it contains',
    async (path) => {
      const cursor = encodeCursor({ sortKey: '2026-11-23T10:00:00.000Z', id: 'evt_\u0000' })
      const listed = await stage.shop.request('GET', `${path}cursor=${cursor}`, { token: stage.admin.token })
      expect([listed.status, listed.body.code]).toEqual([422, 'invalid_cursor'])
    },
  )
})
