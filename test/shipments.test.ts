import { eventually } from '@shop/testing/eventually'
import type { OrderBody, ShipmentBody } from '@shop/testing/order-body'
import type { PaymentBody } from '@shop/testing/payment-bodies'
import { moneyKept } from '@shop/testing/stripe-js'
import { describe, expect, it } from 'vitest'
import { QUICK_CHECKS, useFreshCustomer, useSharedPlatform } from './support/use-platform.ts'

const stage = useSharedPlatform(QUICK_CHECKS)
useFreshCustomer(stage)

type Paid = { order: OrderBody; payment: PaymentBody }

/** A paid order of three units for 12.50 each. */
async function paidOrder(): Promise<Paid> {
  const { shop, admin, customer } = stage
  const product = await shop.addProduct(admin, { price: 12.5 })
  const { order } = (await shop.placeOrder(customer, [[product, 3]])).body
  const { payment } = (await shop.pay(customer, order, 'pm_card_visa')).body
  return { payment, order: await shop.orderBecomes(customer, order.id, 'processing', 'paid') }
}

const lineOf = ({ order }: Pick<Paid, 'order'>) => order.items[0]?.id ?? ''
const asStaff = (method: string, path: string, body?: object, key?: string) =>
  stage.shop.request(method, path, {
    token: stage.admin.token,
    body,
    headers: key === undefined ? {} : { 'idempotency-key': key },
  })
/** Asks again while the order is changed otherwise, as by the sale of its stock after its payment. */
const ship = (paid: Pick<Paid, 'order'>, quantity: number, over: object = {}, key: string = crypto.randomUUID()) => {
  const body = { items: [{ line_id: lineOf(paid), quantity }], ...over }
  return eventually(
    () => asStaff('POST', `/api/orders/${paid.order.id}/shipments`, body, key),
    ({ body: { code } }) => code !== 'order_changed',
    8_000,
  )
}
const refund = ({ payment }: Paid, body: object, key: string = crypto.randomUUID()) =>
  asStaff('POST', `/api/payments/${payment.id}/refund`, body, key)
const read = async ({ order }: Pick<Paid, 'order'>): Promise<OrderBody> =>
  (await stage.shop.request('GET', `/api/orders/${order.id}`, { token: stage.customer.token })).body.order

describe('an order that leaves in parts', () => {
  it('is shipped once nothing is left, and delivered once all has arrived', async () => {
    const paid = await paidOrder()
    const tracking = { carrier: 'DHL', tracking_number: '4711', tracking_url: 'https://track.example.com/4711' }
    const first = await ship(paid, 1, tracking)
    expect(first).toMatchObject({ status: 201, body: { shipment: { status: 'shipped', ...tracking } } })
    expect(await read(paid)).toMatchObject({
      ...{ status: 'processing', fulfillment_status: 'partially_fulfilled' },
      items: [{ to_ship: 2, shipped_quantity: 1 }],
      shipments: [{ id: first.body.shipment.id }],
    })
    const second = await ship(paid, 2, { status: 'packed' })
    const leaves = await asStaff('PATCH', `/api/shipments/${second.body.shipment.id}`, { status: 'shipped' })
    expect(leaves.body.shipment).toMatchObject({ status: 'shipped', shipped_at: expect.any(String) })
    expect(await read(paid)).toMatchObject({ status: 'shipped', fulfillment_status: 'fulfilled' })
    for (const { id } of (await read(paid)).shipments) {
      expect(await asStaff('PATCH', `/api/shipments/${id}`, { status: 'delivered' })).toMatchObject({ status: 200 })
    }
    expect(await read(paid)).toMatchObject({ status: 'delivered', fulfillment_status: 'delivered' })
    const listed = await stage.shop.request('GET', `/api/orders/${paid.order.id}/shipments`, {
      token: stage.customer.token,
    })
    expect(listed.body.shipments.map(({ status }: ShipmentBody) => status)).toEqual(['delivered', 'delivered'])
  })

  it('gives the units of a packed shipment back that is cancelled', async () => {
    const paid = await paidOrder()
    const { shipment } = (await ship(paid, 3, { status: 'packed' })).body
    expect(await ship(paid, 1)).toMatchObject({
      status: 409,
      body: { code: 'quantity_exceeds_to_ship', line_id: lineOf(paid), requested: 1, left: 0 },
    })
    const cancel = () => asStaff('POST', `/api/shipments/${shipment.id}/cancel`)
    for (const { status, body } of [await cancel(), await cancel()]) {
      expect(status).toBe(200)
      expect(body.shipment.status).toBe('cancelled')
    }
    expect(await ship(paid, 3)).toMatchObject({ status: 201 })
    expect(await asStaff('POST', `/api/shipments/${(await read(paid)).shipments[1]?.id}/cancel`)).toMatchObject({
      status: 409,
      body: { code: 'shipment_status_conflict', shipment_status: 'shipped' },
    })
  })

  it('ships once for each key, which is required', async () => {
    const paid = await paidOrder()
    const key = crypto.randomUUID()
    const [first, again] = [await ship(paid, 1, {}, key), await ship(paid, 1, {}, key)]
    expect(again.body).toEqual(first.body)
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect((await read(paid)).shipments).toHaveLength(1)
    const path = `/api/orders/${paid.order.id}/shipments`
    const body = { items: [{ line_id: lineOf(paid), quantity: 1 }] }
    expect(await asStaff('POST', path, body)).toMatchObject({
      status: 400,
      body: { code: 'idempotency_key_required' },
    })
  })

  it('cannot be cancelled any more', async () => {
    const paid = await paidOrder()
    await ship(paid, 1)
    const path = `/api/orders/${paid.order.id}/status`
    expect(await asStaff('PATCH', path, { status: 'cancelled' })).toMatchObject({
      status: 409,
      body: { code: 'order_status_conflict' },
    })
    expect(await asStaff('PATCH', path, { status: 'shipped' })).toMatchObject({ status: 200 })
    expect((await read(paid)).shipments.map(({ items }) => items[0]?.quantity)).toEqual([1, 2])
  })
})

describe('a refund by line', () => {
  it('refunds what was paid for the units, which never ship', async () => {
    const paid = await paidOrder()
    await ship(paid, 2)
    const key = crypto.randomUUID()
    const body = { items: [{ line_id: lineOf(paid), quantity: 1 }] }
    const [first, again] = [await refund(paid, body, key), await refund(paid, body, key)]
    expect(first).toMatchObject({ status: 201, body: { refund: { amount: 12.5, status: 'succeeded' } } })
    expect(again.body).toEqual(first.body)
    const { customer, shop } = stage
    expect(await shop.orderBecomes(customer, paid.order.id, 'shipped', 'partially_refunded')).toMatchObject({
      refunded_amount: 12.5,
      items: [{ to_ship: 0, removed_quantity: 1, refunded_quantity: 1 }],
    })
    expect(moneyKept(stage.platform.stripe, paid.order)).toBe(2_500)
    expect(await refund(paid, { items: [{ line_id: lineOf(paid), quantity: 3 }] })).toMatchObject({
      status: 409,
      body: { code: 'quantity_exceeds_refundable', left: 2 },
    })
  })

  it('that Stripe refuses gives its units back', async () => {
    const paid = await paidOrder()
    const match = { method: 'POST', path: '/v1/refunds' }
    stage.platform.stripe.faults.add({ kind: 'status', status: 400, code: 'charge_disputed', match, times: 1 })
    const refused = await refund(paid, { items: [{ line_id: lineOf(paid), quantity: 3 }] })
    expect(refused).toMatchObject({ status: 409, body: { code: 'refund_refused' } })
    const after = await eventually(
      () => read(paid),
      ({ items }) => items[0]?.to_ship === 3,
      8_000,
    )
    expect(after.items).toMatchObject([{ refunded_quantity: 0, removed_quantity: 0 }])
  })

  it('of more than is left after a refund by amount is refused, and reserves nothing', async () => {
    const paid = await paidOrder()
    await refund(paid, { amount: 30 })
    expect(await refund(paid, { items: [{ line_id: lineOf(paid), quantity: 1 }] })).toMatchObject({
      status: 409,
      body: { code: 'refund_exceeds_captured', left: 7.5 },
    })
    expect((await read(paid)).items).toMatchObject([{ to_ship: 3, refunded_quantity: 0 }])
  })

  it('cannot name an amount, too', async () => {
    const paid = await paidOrder()
    const body = { amount: 1, items: [{ line_id: lineOf(paid), quantity: 1 }] }
    expect(await refund(paid, body)).toMatchObject({ status: 422, body: { errors: [{ field: 'amount' }] } })
  })
})

describe('staff', () => {
  it('find orders by their number, and by what they have in common', async () => {
    const paid = await paidOrder()
    await ship(paid, 1)
    const { number } = await read(paid)
    expect(number).toBeGreaterThan(1_000)
    for (const query of [
      `number=${number}`,
      `customer=${stage.customer.user.id}`,
      `customer=${stage.customer.user.id}&fulfillment_status=partially_fulfilled&payment_status=paid`,
      `customer=${stage.customer.user.id}&created_from=2026-01-01T00:00:00Z`,
    ]) {
      const found = await asStaff('GET', `/api/orders?scope=all&${query}`)
      expect(found.body.orders.map(({ id }) => id)).toEqual([paid.order.id])
    }
    const other = await asStaff('GET', `/api/orders?scope=all&number=${number}&fulfillment_status=delivered`)
    expect(other.body.orders).toEqual([])
    expect(await asStaff('GET', '/api/orders?scope=all&fulfilment=any')).toMatchObject({ status: 422 })
  })

  it('export them as CSV', async () => {
    const paid = await paidOrder()
    const exported = await asStaff('GET', `/api/orders.csv?customer=${stage.customer.user.id}`)
    expect(exported.status).toBe(200)
    expect(exported.headers.get('content-disposition')).toContain('orders.csv')
    const [head, line, end] = String(exported.body).split('\r\n')
    expect(head).toMatch(/^number,id,created_at,status,/)
    expect(line).toContain(`${paid.order.number},${paid.order.id},`)
    expect(end).toBe('')
  })
})
