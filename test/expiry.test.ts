import { eventually } from '@shop/testing/eventually'
import type { OrderBody } from '@shop/testing/order-body'
import type { ProductBody } from '@shop/testing/product-body'
import { confirmInBrowser, intentsOf, moneyKept } from '@shop/testing/stripe-js'
import { afterEach, describe, expect, it } from 'vitest'
import { useFreshCustomer, usePlatform } from './support/use-platform.ts'

const HOLD_SECONDS = 2
const GRACE_SECONDS = 2
const stage = usePlatform({
  holdSeconds: HOLD_SECONDS,
  holdGraceSeconds: GRACE_SECONDS,
  attemptSeconds: 1,
  paymentCheckSeconds: 1,
})
useFreshCustomer(stage)

const WITHIN_MS = 15_000

afterEach(() => stage.platform.stripe.faults.clear())

/** An order of all three units of a new product, 37.50 USD. */
async function newOrder(): Promise<{ product: ProductBody; order: OrderBody }> {
  const { shop, admin, customer } = stage
  const product = await shop.addProduct(admin, { stock_quantity: 3 })
  const placed = await shop.placeOrder(customer, [[product, 3]])
  expect(placed.status).toBe(201)
  return { product, order: placed.body.order }
}

const pay = (order: OrderBody, method?: string) => stage.shop.pay(stage.customer, order, method)
const readOrder = (order: OrderBody) => stage.shop.getOrder(stage.customer, order.id)
const kept = (order: OrderBody) => moneyKept(stage.platform.stripe, order)
const secretOf = async (order: OrderBody) => (await pay(order)).body.payment.client_secret ?? ''

async function setTime(instant: number): Promise<void> {
  await eventually(
    async () => Date.now(),
    (now) => now >= instant,
    WITHIN_MS,
  )
}
const isOver = (order: OrderBody) => setTime(Date.parse(order.expires_at) + 1)

/** Sweeps until the order satisfies `isDone`. */
function sweepUntil(order: OrderBody, isDone: (order: OrderBody) => boolean): Promise<OrderBody> {
  const look = async () => {
    await stage.platform.sweep()
    return readOrder(order)
  }
  return eventually(look, isDone, WITHIN_MS)
}

const stockBecomes = (product: ProductBody, quantity: number) =>
  eventually(
    () => stage.shop.getProduct(product.id),
    ({ stock_quantity }) => stock_quantity === quantity,
    WITHIN_MS,
  )

describe('an order that is not paid in time', () => {
  it('is cancelled by the sweep, never early, with its PaymentIntent, and the stock is back on sale', async () => {
    const { product, order } = await newOrder()
    await secretOf(order)
    const cancelled = await sweepUntil(order, ({ status }) => status === 'cancelled')
    expect(cancelled).toMatchObject({ cancel_reason: 'expired', payment_status: 'unpaid' })
    expect(Date.parse(cancelled.updated_at)).toBeGreaterThanOrEqual(Date.parse(order.expires_at))
    await eventually(
      async () => intentsOf(stage.platform.stripe, order).map(({ status }) => status),
      ([status]) => status === 'canceled',
      WITHIN_MS,
    )
    await stockBecomes(product, 3)
  })

  it('cannot be paid any more, before or after the sweep', async () => {
    const { order } = await newOrder()
    await isOver(order)
    const before = await pay(order, 'pm_card_visa')
    expect([before.status, before.body.code]).toEqual([409, 'order_not_payable'])
    await sweepUntil(order, ({ status }) => status === 'cancelled')
    const after = await pay(order, 'pm_card_visa')
    expect([after.status, after.body.code]).toEqual([409, 'order_not_payable'])
    expect(intentsOf(stage.platform.stripe, order)).toEqual([])
  })

  it('accepts a late card payment as long as nothing has cancelled the order', async () => {
    const { product, order } = await newOrder()
    const secret = await secretOf(order)
    await isOver(order)
    expect(await confirmInBrowser(stage.platform.stripe, secret, 'pm_card_visa')).toBe(200)
    await stage.shop.orderBecomes(stage.customer, order.id, 'processing', 'paid')
    await stockBecomes(product, 0)
    expect(kept(order)).toBe(3_750)
  })
})

describe('money that comes after its order was cancelled', () => {
  it('is refunded in full when the webhook reports it', async () => {
    const { product, order } = await newOrder()
    const secret = await secretOf(order)
    stage.platform.stripe.faults.add({
      kind: 'cut_before',
      match: { method: 'POST', path: '/v1/payment_intents/:id/cancel' },
      times: 1_000,
    })
    await isOver(order)
    await sweepUntil(order, ({ status }) => status === 'cancelled')
    expect(await confirmInBrowser(stage.platform.stripe, secret, 'pm_card_visa')).toBe(200)
    await eventually(
      async () => kept(order),
      (amount) => amount === 0,
      WITHIN_MS,
    )
    stage.platform.stripe.faults.clear()
    const ended = await sweepUntil(order, (current) => current.payment_status === 'refunded')
    expect(ended).toMatchObject({ status: 'cancelled', cancel_reason: 'expired' })
    await stockBecomes(product, 3)
    expect(kept(order)).toBe(0)
  })

  it('is refunded in full when Stripe reports it in the answer to the cancellation', async () => {
    const { product, order } = await newOrder()
    const secret = await secretOf(order)
    const { webhooks } = stage.platform.stripe
    await isOver(order)
    webhooks.pause()
    try {
      expect(await confirmInBrowser(stage.platform.stripe, secret, 'pm_card_visa')).toBe(200)
      // Only the expiry drives this order: the sweep cancels it before the shop knows of the money.
      const ended = await sweepUntil(order, ({ payment_status }) => payment_status !== 'unpaid')
      expect(['cancelled/refunded', 'processing/paid']).toContain(`${ended.status}/${ended.payment_status}`)
      expect(kept(order)).toBe(ended.status === 'cancelled' ? 0 : 3_750)
      await stockBecomes(product, ended.status === 'cancelled' ? 3 : 0)
    } finally {
      webhooks.resume()
    }
  })
})

describe('money that comes after the stock went back on sale', () => {
  const holdIsOver = (order: OrderBody) => setTime(Date.parse(order.expires_at) + GRACE_SECONDS * 1_000)

  it('takes the units again while they are available', async () => {
    const { product, order } = await newOrder()
    const secret = await secretOf(order)
    await holdIsOver(order)
    await stockBecomes(product, 3)
    await confirmInBrowser(stage.platform.stripe, secret, 'pm_card_visa')
    await stage.shop.orderBecomes(stage.customer, order.id, 'processing', 'paid')
    await stockBecomes(product, 0)
    expect(kept(order)).toBe(3_750)
  })

  it('is refunded when they are sold, and the order is cancelled for that reason', async () => {
    const { shop, customer } = stage
    const { product, order } = await newOrder()
    const secret = await secretOf(order)
    await holdIsOver(order)
    await stockBecomes(product, 3)
    const other = (await shop.placeOrder(customer, [[product, 1]])).body.order
    expect((await pay(other, 'pm_card_visa')).status).toBe(201)
    await confirmInBrowser(stage.platform.stripe, secret, 'pm_card_visa')
    await shop.orderBecomes(customer, order.id, 'cancelled')
    const ended = await sweepUntil(order, ({ payment_status }) => payment_status === 'refunded')
    expect(ended).toMatchObject({ status: 'cancelled', cancel_reason: 'stock_gone' })
    expect([kept(order), kept(other)]).toEqual([0, 1_250])
    await stockBecomes(product, 2)
  })
})

describe('a payment in processing', () => {
  it('keeps its order and its stock until the bank decides', async () => {
    const { product, order } = await newOrder()
    expect((await pay(order, 'pm_usBankAccount')).body.payment.status).toBe('processing')
    const longAfter = Date.parse(order.expires_at) + (HOLD_SECONDS + GRACE_SECONDS) * 1_000
    const seen = await sweepUntil(order, ({ status }) => status !== 'pending' || Date.now() > longAfter)
    expect(seen.status).toBe('pending')
    expect(Date.parse(seen.expires_at)).toBeGreaterThan(Date.parse(order.expires_at))
    expect((await stage.shop.getProduct(product.id)).stock_quantity).toBe(0)
    stage.platform.stripe.settle(intentsOf(stage.platform.stripe, order)[0]?.id ?? '', 'succeed')
    await stage.shop.orderBecomes(stage.customer, order.id, 'processing', 'paid')
    expect(kept(order)).toBe(3_750)
  })
})

describe('expiry racing a payment', () => {
  it('ends paid with the stock sold, or cancelled with money and stock returned', async () => {
    const rounds = await Promise.all(Array.from({ length: 8 }, newOrder))
    await Promise.all(
      rounds.map(async ({ order }, round) => {
        await setTime(Date.parse(order.expires_at) - 120 + round * 25)
        await Promise.all([pay(order, 'pm_card_visa'), stage.platform.sweep()])
      }),
    )
    for (const { product, order } of rounds) {
      const ended = await sweepUntil(
        order,
        ({ status, payment_status }) =>
          (status === 'processing' && payment_status === 'paid') || (status === 'cancelled' && kept(order) === 0),
      )
      expect(kept(order)).toBe(ended.status === 'cancelled' ? 0 : 3_750)
      await stockBecomes(product, ended.status === 'cancelled' ? 3 : 0)
    }
  })
})
