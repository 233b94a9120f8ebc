import { eventually } from '@shop/testing/eventually'
import type { OrderBody } from '@shop/testing/order-body'
import type { ProductBody } from '@shop/testing/product-body'
import { moneyKept } from '@shop/testing/stripe-js'
import { describe, expect, it } from 'vitest'
import { useSharedPlatform } from './support/use-platform.ts'

const stage = useSharedPlatform()

/** An order of two units for 12.50 each, of ten in stock. */
async function newOrder(): Promise<{ product: ProductBody; order: OrderBody }> {
  const { shop, admin, customer } = stage
  const product = await shop.addProduct(admin, { price: 12.5 })
  return { product, order: (await shop.placeOrder(customer, [[product, 2]])).body.order }
}

async function newPaidOrder(): Promise<{ product: ProductBody; order: OrderBody }> {
  const { product, order } = await newOrder()
  expect(await pay(order)).toMatchObject({ body: { payment: { status: 'succeeded' } } })
  return { product, order: await stage.shop.orderBecomes(stage.customer, order.id, 'processing', 'paid') }
}

const pay = (order: OrderBody) => stage.shop.pay(stage.customer, order, 'pm_card_visa')
const asStaff = (path: string, body: object) =>
  stage.shop.request('POST', path, {
    token: stage.admin.token,
    body,
    headers: { 'idempotency-key': crypto.randomUUID() },
  })
/** Asks again while the order is changed otherwise, as by the sale of its stock after its payment. */
const edit = (order: OrderBody, body: object) =>
  eventually(
    () => asStaff(`/api/orders/${order.id}/edits`, body),
    ({ body: { code } }) => code !== 'order_changed',
    8_000,
  )
const read = async ({ id }: OrderBody): Promise<OrderBody> =>
  (await stage.shop.request('GET', `/api/orders/${id}`, { token: stage.customer.token })).body.order
const lineOf = ({ items }: OrderBody, at = 0) => items[at]?.id ?? ''
const shipAll = (order: OrderBody) =>
  asStaff(`/api/orders/${order.id}/shipments`, {
    items: order.items.map(({ id: line_id, quantity }) => ({ line_id, quantity })),
  })

describe('an unpaid order that is edited', () => {
  it('is paid with its new amount, and sells what is left of it', async () => {
    const { product, order } = await newOrder()
    const preview = await edit(order, { items: [{ line_id: lineOf(order), quantity: 1 }], preview: true })
    expect(preview.body.edit).toEqual({ previous_total: 25, total: 12.5, refund: 0 })
    expect(await read(order)).toMatchObject({ total_amount: 25 })
    const edited = await edit(order, { items: [{ line_id: lineOf(order), quantity: 1 }], note: 'Only one' })
    expect(edited).toMatchObject({ status: 200, body: { order: { amount_due: 12.5, note: 'Only one' } } })
    expect(await pay(order)).toMatchObject({ body: { payment: { amount: 12.5, status: 'succeeded' } } })
    const paid = await stage.shop.orderBecomes(stage.customer, order.id, 'processing', 'paid')
    expect(paid).toMatchObject({ captured_amount: 12.5, amount_due: 0 })
    await stage.shop.stockBecomes(product.id, 9)
  })

  it('cannot be paid by a payment of the former amount', async () => {
    const { product, order } = await newOrder()
    const open = await stage.shop.pay(stage.customer, order)
    expect(open.body.payment).toMatchObject({ amount: 25 })
    await edit(order, { items: [{ variant_id: product.variants[0]?.id, quantity: 1 }] })
    const next = await eventually(
      () => pay(order),
      ({ status }) => status === 201,
      8_000,
    )
    expect(next.body.payment).toMatchObject({ amount: 37.5, status: 'succeeded' })
    const paid = await stage.shop.orderBecomes(stage.customer, order.id, 'processing', 'paid')
    expect(paid).toMatchObject({ captured_amount: 37.5, amount_due: 0 })
    expect(moneyKept(stage.platform.stripe, order)).toBe(3_750)
    await stage.shop.stockBecomes(product.id, 7)
  })
})

describe('a paid order that is edited', () => {
  it('ships what was added once the difference is paid', async () => {
    const { product, order } = await newPaidOrder()
    const edited = await edit(order, { items: [{ variant_id: product.variants[0]?.id, quantity: 1 }] })
    expect(edited.body.order).toMatchObject({ total_amount: 37.5, amount_due: 12.5, payment_status: 'paid' })
    const longer: OrderBody = edited.body.order
    expect(await shipAll(longer)).toMatchObject({ status: 409, body: { code: 'payment_due', amount_due: 12.5 } })
    expect(await pay(order)).toMatchObject({ body: { payment: { amount: 12.5, status: 'succeeded' } } })
    const shipped = await eventually(
      () => shipAll(longer),
      ({ status }) => status === 201,
      8_000,
    )
    expect(shipped.body.shipment).toMatchObject({ status: 'shipped' })
    expect(await read(order)).toMatchObject({ status: 'shipped', captured_amount: 37.5, amount_due: 0 })
    expect(moneyKept(stage.platform.stripe, order)).toBe(3_750)
    await stage.shop.stockBecomes(product.id, 7)
  })

  it('gives back what was paid for what is taken off, and the stock has it again', async () => {
    const { product, order } = await newPaidOrder()
    const edited = await edit(order, { items: [{ line_id: lineOf(order), quantity: 1 }] })
    expect(edited.body.edit).toEqual({ previous_total: 25, total: 12.5, refund: 12.5 })
    await eventually(
      () => read(order),
      ({ refunded_amount }) => refunded_amount === 12.5,
      15_000,
    )
    expect(moneyKept(stage.platform.stripe, order)).toBe(1_250)
    await stage.shop.stockBecomes(product.id, 9)
    const { body } = await stage.shop.request('GET', `/api/orders/${order.id}/events`, { token: stage.admin.token })
    expect(body.events).toContainEqual(
      expect.objectContaining({
        type: 'edited',
        data: expect.objectContaining({ previous_total: 25, amount: 12.5 }),
      }),
    )
  })

  it('returns each unit once when it is cancelled after that', async () => {
    const { product, order } = await newPaidOrder()
    await edit(order, { items: [{ line_id: lineOf(order), quantity: 1 }] })
    await stage.shop.stockBecomes(product.id, 9)
    await stage.shop.request('PATCH', `/api/orders/${order.id}/status`, {
      token: stage.admin.token,
      body: { status: 'cancelled' },
    })
    await stage.shop.stockBecomes(product.id, 10)
    await eventually(
      () => read(order),
      ({ payment_status }) => payment_status === 'refunded',
      15_000,
    )
    expect(moneyKept(stage.platform.stripe, order)).toBe(0)
  })
})
