import { eventually } from '@shop/testing/eventually'
import type { OrderBody } from '@shop/testing/order-body'
import type { Account } from '@shop/testing/shop'
import { intentsOf, moneyKept } from '@shop/testing/stripe-js'
import { afterEach, describe, expect, it } from 'vitest'
import { usePlatform } from './support/use-platform.ts'

const PER_SECOND = 25
const stage = usePlatform({ attemptSeconds: 1, vars: { STRIPE_REQUESTS_PER_SECOND: String(PER_SECOND) } })

const CREATE = { method: 'POST', path: '/v1/payment_intents' }

afterEach(() => {
  stage.platform.stripe.rateLimit.perSecond = undefined
  stage.platform.stripe.faults.clear()
})

type Purchase = { customer: Account; order: OrderBody }

/** A hundred orders of 25.00 USD, from ten customers. */
async function aHundredOrders(): Promise<Purchase[]> {
  const { shop, admin } = stage
  const product = await shop.addProduct(admin, { price: 25, stock_quantity: 1_000 })
  const purchases: Purchase[] = []
  for (let times = 0; times < 10; times += 1) {
    const customer = await shop.signUp()
    const placed = await Promise.all(Array.from({ length: 10 }, () => shop.placeOrder(customer, [[product, 1]])))
    purchases.push(...placed.map(({ body }) => ({ customer, order: body.order })))
  }
  return purchases
}

async function stillUnpaid(purchases: Purchase[]): Promise<Purchase[]> {
  const read = await Promise.all(purchases.map(({ customer, order }) => stage.shop.getOrder(customer, order.id)))
  return purchases.filter((_, index) => read[index]?.payment_status !== 'paid')
}

describe('when Stripe accepts 25 requests a second', () => {
  it('a hundred payments at once succeed or are asked to retry; none is lost or doubled', async () => {
    const { platform, shop } = stage
    const purchases = await aHundredOrders()
    platform.stripe.rateLimit.perSecond = PER_SECOND
    let unpaid = purchases
    while (unpaid.length > 0) {
      const replies = await Promise.all(unpaid.map(({ customer, order }) => shop.pay(customer, order, 'pm_card_visa')))
      for (const { status, headers } of replies) {
        expect([201, 409, 503]).toContain(status)
        if (status === 503) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
      }
      // An overloaded machine loses an answer now and then; the sweep finds the outcome.
      await platform.sweep()
      unpaid = await stillUnpaid(unpaid)
    }
    for (const { order } of purchases) {
      expect([intentsOf(platform.stripe, order).length, moneyKept(platform.stripe, order)]).toEqual([1, 2_500])
    }
  }, 120_000)

  it('a rate-limited payment is retried within the second', async () => {
    const { platform, shop, admin, customer } = stage
    const product = await shop.addProduct(admin, { price: 25 })
    const { order } = (await shop.placeOrder(customer, [[product, 1]])).body
    platform.stripe.faults.add({ kind: 'status', status: 429, match: CREATE, times: 1 })
    const paid = await shop.pay(customer, order, 'pm_card_visa')
    expect([paid.status, paid.body.payment?.status]).toEqual([201, 'succeeded'])
    expect(moneyKept(platform.stripe, order)).toBe(2_500)
  })

  it('a payment that stays rate-limited is not made, and succeeds when tried again later', async () => {
    const { platform, shop, admin, customer } = stage
    const product = await shop.addProduct(admin, { price: 25 })
    const { order } = (await shop.placeOrder(customer, [[product, 1]])).body
    platform.stripe.faults.add({ kind: 'status', status: 429, match: CREATE, times: 3 })
    const refused = await shop.pay(customer, order, 'pm_card_visa')
    expect([refused.status, refused.body.code]).toEqual([503, 'payment_provider_unavailable'])
    expect(intentsOf(platform.stripe, order)).toEqual([])
    expect(await shop.getOrder(customer, order.id)).toMatchObject({ status: 'pending', payment_status: 'unpaid' })
    const paid = await eventually(
      () => shop.pay(customer, order, 'pm_card_visa'),
      ({ status }) => status !== 503,
      5_000,
    )
    expect([paid.status, paid.body.payment?.status]).toEqual([201, 'succeeded'])
    expect(moneyKept(platform.stripe, order)).toBe(2_500)
  })
})
