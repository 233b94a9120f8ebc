import { eventually } from '@shop/testing/eventually'
import type { OrderBody } from '@shop/testing/order-body'
import type { ProductBody } from '@shop/testing/product-body'
import type { Account } from '@shop/testing/shop'
import { confirmInBrowser, intentsOf, moneyKept } from '@shop/testing/stripe-js'
import { describe, expect, it } from 'vitest'
import { mismatchesIn } from './support/consistency.ts'
import { QUICK_CHECKS, type Stage, useFreshCustomer, usePlatform, useSharedPlatform } from './support/use-platform.ts'

/**
 * Bugs that other shop systems have had, each under the name that its reports use. After each test, orders, payments,
 * ledger, stock and Stripe must agree.
 */

const DRAIN_MS = 20_000

async function newProduct({ shop, admin }: Stage, stock: number, price = 12.5, currency = 'USD'): Promise<ProductBody> {
  const product = await shop.addProduct(admin, { price, currency, stock_quantity: stock })
  await shop.stockBecomes(product.id, stock)
  return product
}

/** Sweeps until the product has no mismatch, given that only `buyer` has ordered it. */
async function expectAgreement(stage: Stage, product: ProductBody, buyer: Account): Promise<void> {
  const watched = { name: product.name, token: buyer.token, product, opening: product.stock_quantity }
  const look = async () => {
    await stage.platform.sweep()
    return mismatchesIn(stage, watched)
  }
  await eventually(look, (mismatches) => mismatches.length === 0, DRAIN_MS)
}

const statusesOf = (replies: { status: number }[]) => replies.map(({ status }) => status).sort()
const times = <T>(count: number, make: () => Promise<T>) => Promise.all(Array.from({ length: count }, make))

describe('with time to pay', () => {
  const stage = useSharedPlatform(QUICK_CHECKS)
  useFreshCustomer(stage)
  const kept = (order: OrderBody) => moneyKept(stage.platform.stripe, order)
  const cancel = (order: OrderBody, by: Account) =>
    stage.shop.request('PATCH', `/api/orders/${order.id}/status`, { token: by.token, body: { status: 'cancelled' } })

  it('two lines sharing one item: their quantities add up, and a refused order holds nothing', async () => {
    const { shop, customer } = stage
    const product = await newProduct(stage, 3)
    const both = (a: number, b: number) =>
      shop.placeOrder(customer, [
        [product, a],
        [product, b],
      ])
    const refused = await both(2, 2)
    expect([refused.status, refused.body.code]).toEqual([409, 'out_of_stock'])
    const placed = await both(2, 1)
    expect([placed.status, placed.body.order.total_amount]).toEqual([201, 37.5])
    expect((await shop.pay(customer, placed.body.order, 'pm_card_visa')).status).toBe(201)
    expect(kept(placed.body.order)).toBe(3_750)
    await expectAgreement(stage, product, customer)
  })

  it('last item raced: of twenty buyers one gets it and pays, and the stock never goes below zero', async () => {
    const { shop, customer } = stage
    const product = await newProduct(stage, 1)
    const buy = async () => {
      const placed = await shop.placeOrder(customer, [[product, 1]])
      return placed.status === 201 ? shop.pay(customer, placed.body.order, 'pm_card_visa') : placed
    }
    expect(statusesOf(await times(20, buy))).toEqual([201, ...Array(19).fill(409)])
    await expectAgreement(stage, product, customer)
  })

  it('paying twice, double capture: twenty payments of one order at once capture one PaymentIntent', async () => {
    const { shop, customer, platform } = stage
    const product = await newProduct(stage, 2)
    const { order } = (await shop.placeOrder(customer, [[product, 2]])).body
    const replies = await times(20, () => shop.pay(customer, order, 'pm_card_visa'))
    for (const { status } of replies) expect([201, 409]).toContain(status)
    expect(intentsOf(platform.stripe, order).filter(({ status }) => status === 'succeeded')).toHaveLength(1)
    expect(kept(order)).toBe(2_500)
    await expectAgreement(stage, product, customer)
  })

  it('confirm-versus-webhook race: the browser confirms while the webhook arrives, and it is one sale', async () => {
    const { shop, customer, platform } = stage
    const product = await newProduct(stage, 2)
    const { order } = (await shop.placeOrder(customer, [[product, 1]])).body
    const secret = (await shop.pay(customer, order)).body.payment.client_secret ?? ''
    await Promise.all([
      confirmInBrowser(platform.stripe, secret, 'pm_card_visa'),
      shop.pay(customer, order, 'pm_card_visa'),
      platform.sweep(),
    ])
    await shop.orderBecomes(customer, order.id, 'processing', 'paid')
    expect(kept(order)).toBe(1_250)
    await expectAgreement(stage, product, customer)
  })

  it('settled three times: reply, webhook and sweep report one capture, and it is booked once', async () => {
    const { shop, customer, platform } = stage
    const product = await newProduct(stage, 2)
    const { order } = (await shop.placeOrder(customer, [[product, 1]])).body
    await shop.pay(customer, order, 'pm_card_visa')
    const { webhooks } = platform.stripe
    const told = () => webhooks.attempts().filter(({ type }) => type === 'payment_intent.succeeded')
    await eventually(
      async () => webhooks.pending(),
      (pending) => pending.length === 0,
      4_000,
    )
    const before = told().length
    webhooks.redeliver(told().at(-1)?.eventId ?? '')
    await Promise.all([platform.sweep(), platform.sweep()])
    await eventually(
      async () => told().length,
      (count) => count > before,
      4_000,
    )
    await expectAgreement(stage, product, customer)
  })

  it.each([
    ['USD', 0.1, 3, 30],
    ['USD', 33.33, 3, 9_999],
    ['USD', 1.15, 100, 11_500],
    ['JPY', 333, 3, 999],
    ['KWD', 1.05, 3, 3_150],
  ])('sub-cent totals: %s %d times %d is charged as the order says, to the minor unit', async (...given) => {
    const { shop, customer, platform } = stage
    const [currency, price, quantity, minor] = given
    const product = await newProduct(stage, quantity, price, currency)
    const placed = await shop.placeOrder(customer, [[product, quantity]])
    if (minor < 50 && currency === 'USD') {
      expect([placed.status, placed.body.code]).toEqual([422, 'amount_not_chargeable'])
      return
    }
    const { order } = placed.body
    const paid = await shop.pay(customer, order, 'pm_card_visa')
    const [intent] = intentsOf(platform.stripe, order)
    expect([paid.status, intent?.amount, intent?.amount_received]).toEqual([201, minor, minor])
    expect(paid.body.payment.amount).toBe(order.total_amount)
  })

  it('hold freed that was never held: cancelling twice at once releases only what was held', async () => {
    const { shop, customer, admin } = stage
    const product = await newProduct(stage, 5)
    const { order } = (await shop.placeOrder(customer, [[product, 2]])).body
    await Promise.all([cancel(order, customer), cancel(order, customer), cancel(order, admin)])
    await Promise.all([stage.platform.sweep(), stage.platform.sweep()])
    await expectAgreement(stage, product, customer)
    expect((await shop.placeOrder(customer, [[product, 6]])).status).toBe(409)
  })

  it('refund beyond capture: twenty refunds at once refund the captured amount, to the cent', async () => {
    const { shop, customer, admin, platform } = stage
    const product = await newProduct(stage, 2)
    const { order } = (await shop.placeOrder(customer, [[product, 2]])).body
    const { payment } = (await shop.pay(customer, order, 'pm_card_visa')).body
    const refund = () =>
      shop.request('POST', `/api/payments/${payment.id}/refund`, {
        token: admin.token,
        body: { amount: 4 },
        headers: { 'idempotency-key': crypto.randomUUID() },
      })
    const replies = await times(20, refund)
    expect(statusesOf(replies).filter((status) => status === 201)).toHaveLength(6)
    for (const { status, body } of replies)
      if (status !== 201) expect([status, body.code]).toEqual([409, 'refund_exceeds_captured'])
    await expectAgreement(stage, product, customer)
    expect(moneyKept(platform.stripe, order)).toBe(100)
  })

  it('a loser’s release freeing the winner’s hold: a key raced twenty times keeps the stock of its one order', async () => {
    const { shop, customer } = stage
    const product = await newProduct(stage, 2)
    const headers = { 'idempotency-key': crypto.randomUUID() }
    const replies = await times(20, () => shop.placeOrder(customer, [[product, 2]], { token: customer.token, headers }))
    const ids = new Set(replies.flatMap(({ status, body }) => (status === 201 ? [body.order.id] : [])))
    expect(ids.size).toBe(1)
    expect((await shop.placeOrder(customer, [[product, 1]])).status).toBe(409)
    await cancel({ id: [...ids][0] ?? '' } as OrderBody, customer)
    await expectAgreement(stage, product, customer)
  })
})

describe('with little time to pay', () => {
  const HOLD_SECONDS = 2
  const GRACE_SECONDS = 1
  const stage = usePlatform({
    holdSeconds: HOLD_SECONDS,
    holdGraceSeconds: GRACE_SECONDS,
    attemptSeconds: 1,
    paymentCheckSeconds: 1,
  })
  useFreshCustomer(stage)

  it('charged then stock gone: the money is refunded, and the order says why', async () => {
    const { shop, customer, platform } = stage
    const product = await newProduct(stage, 1)
    const { order } = (await shop.placeOrder(customer, [[product, 1]])).body
    const secret = (await shop.pay(customer, order)).body.payment.client_secret ?? ''
    await shop.stockBecomes(product.id, 0)
    await eventually(
      () => shop.getProduct(product.id),
      ({ stock_quantity }) => stock_quantity === 1,
      10_000,
    )
    const winner = await shop.signUp()
    const bought = (await shop.placeOrder(winner, [[product, 1]])).body.order
    expect((await shop.pay(winner, bought, 'pm_card_visa')).status).toBe(201)
    await confirmInBrowser(platform.stripe, secret, 'pm_card_visa')
    const look = async () => {
      await platform.sweep()
      return shop.getOrder(customer, order.id)
    }
    const ended = await eventually(look, ({ payment_status }) => payment_status === 'refunded', DRAIN_MS)
    expect(ended).toMatchObject({ status: 'cancelled', cancel_reason: 'stock_gone' })
    expect([moneyKept(platform.stripe, order), moneyKept(platform.stripe, bought)]).toEqual([0, 1_250])
  })

  it('late payment after expiry: a cancelled order keeps no money', async () => {
    const { shop, customer, platform } = stage
    const product = await newProduct(stage, 1)
    const { order } = (await shop.placeOrder(customer, [[product, 1]])).body
    const secret = (await shop.pay(customer, order)).body.payment.client_secret ?? ''
    // Stripe does not receive the cancellation, so the card can still be charged.
    const path = '/v1/payment_intents/:id/cancel'
    const deaf = platform.stripe.faults.add({ kind: 'cut_before', match: { method: 'POST', path }, times: 1_000 })
    const look = async () => {
      await platform.sweep()
      return shop.getOrder(customer, order.id)
    }
    await eventually(look, ({ status }) => status === 'cancelled', DRAIN_MS)
    expect(await confirmInBrowser(platform.stripe, secret, 'pm_card_visa')).toBe(200)
    deaf.remove()
    await expectAgreement(stage, product, customer)
    expect((await shop.getOrder(customer, order.id)).status).toBe('cancelled')
  })
})
