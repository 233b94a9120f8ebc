import { LOCAL_STRIPE } from '@shop/local-environment/environment'
import { eventually } from '@shop/testing/eventually'
import type { OrderBody } from '@shop/testing/order-body'
import type { ProductBody } from '@shop/testing/product-body'
import { intentsOf, moneyKept } from '@shop/testing/stripe-js'
import { describe, expect, it } from 'vitest'
import { useFreshCustomer, usePlatform } from './support/use-platform.ts'

const stage = usePlatform({ paymentCapture: 'manual', paymentCheckSeconds: 1 })
useFreshCustomer(stage)

async function authorizedOrder(): Promise<{ product: ProductBody; order: OrderBody }> {
  const { shop, admin, customer } = stage
  const product = await shop.addProduct(admin, { stock_quantity: 5 })
  const { order } = (await shop.placeOrder(customer, [[product, 2]])).body
  expect((await shop.pay(customer, order, 'pm_card_visa')).status).toBe(201)
  return { product, order: await shop.orderBecomes(customer, order.id, 'processing', 'authorized') }
}
const move = ({ id }: OrderBody, status: string) =>
  stage.shop.request('PATCH', `/api/orders/${id}/status`, { token: stage.admin.token, body: { status } })
const typesOf = async ({ id }: OrderBody) =>
  (await stage.shop.request('GET', `/api/orders/${id}/events`, { token: stage.admin.token })).body.events.map(
    ({ type }) => type,
  )
const sweepUntil = (order: OrderBody, isDone: (order: OrderBody) => boolean) =>
  eventually(
    async () => {
      await stage.platform.sweep()
      return stage.shop.getOrder(stage.customer, order.id)
    },
    isDone,
    20_000,
  )
const stockKept = async ({ id }: ProductBody) => {
  const { inventory } = (await stage.shop.request('GET', `/api/inventory/${id}`, { token: stage.admin.token })).body
  return [inventory.on_hand, inventory.held]
}

describe('an authorized order', () => {
  it('counts as sold: its stock is taken, and it cannot be paid again', async () => {
    const { product, order } = await authorizedOrder()
    expect(await stockKept(product)).toEqual([3, 0])
    expect([order.captured_amount, order.refunded_amount]).toEqual([0, 0])
    expect(moneyKept(stage.platform.stripe, order)).toBe(0)
    const again = await stage.shop.pay(stage.customer, order, 'pm_card_visa')
    expect([again.status, again.body.code]).toEqual([409, 'order_already_paid'])
  })

  it('is paid when it ships', async () => {
    const { order } = await authorizedOrder()
    expect((await move(order, 'shipped')).body.order).toMatchObject({ status: 'shipped', payment_status: 'authorized' })
    const paid = await sweepUntil(order, ({ payment_status }) => payment_status === 'paid')
    expect([paid.status, paid.captured_amount]).toEqual(['shipped', 25])
    expect(moneyKept(stage.platform.stripe, order)).toBe(2_500)
    expect(await typesOf(order)).toEqual(['placed', 'authorized', 'stock_committed', 'shipped', 'paid'])
  })

  it('that staff cancel costs the customer nothing, and its stock is returned once', async () => {
    const { product, order } = await authorizedOrder()
    await move(order, 'cancelled')
    const ended = await sweepUntil(order, ({ payment_status }) => payment_status === 'unpaid')
    expect(ended).toMatchObject({ status: 'cancelled', cancel_reason: 'cancelled_by_staff', captured_amount: 0 })
    expect(await stockKept(product)).toEqual([5, 0])
    await stage.platform.sweep()
    expect(await stockKept(product)).toEqual([5, 0])
    expect(intentsOf(stage.platform.stripe, order).map(({ status }) => status)).toEqual(['canceled'])
    expect(await typesOf(order)).toEqual(['placed', 'authorized', 'stock_committed', 'cancelled', 'stock_returned'])
  })

  it('whose authorization expires is cancelled for that reason, and its stock is returned', async () => {
    const { product, order } = await authorizedOrder()
    const [intent] = intentsOf(stage.platform.stripe, order)
    const ended = await fetch(`${stage.platform.stripe.url}/v1/payment_intents/${intent?.id}/cancel`, {
      method: 'POST',
      headers: { authorization: `Bearer ${LOCAL_STRIPE.secretKey}` },
    })
    expect(ended.status).toBe(200)
    const lost = await sweepUntil(order, ({ status }) => status === 'cancelled')
    expect(lost).toMatchObject({ cancel_reason: 'authorization_lost', payment_status: 'unpaid' })
    await eventually(
      () => stockKept(product),
      ([onHand]) => onHand === 5,
      10_000,
    )
    expect(moneyKept(stage.platform.stripe, order)).toBe(0)
  })
})
