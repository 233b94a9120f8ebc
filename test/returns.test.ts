import { eventually } from '@shop/testing/eventually'
import type { OrderBody, ReturnBody } from '@shop/testing/order-body'
import type { PaymentBody } from '@shop/testing/payment-bodies'
import type { Account } from '@shop/testing/shop'
import { moneyKept } from '@shop/testing/stripe-js'
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { useFreshCustomer, useSharedPlatform } from './support/use-platform.ts'

const stage = useSharedPlatform()
useFreshCustomer(stage)

type Sold = { order: OrderBody; payment: PaymentBody; productId: number }

const ask = (who: Account, method: string, path: string, body?: object, key?: string) =>
  stage.shop.request(method, path, {
    ...{ token: who.token, body },
    headers: key === undefined ? {} : { 'idempotency-key': key },
  })
const asStaff = (method: string, path: string, body?: object, key?: string) => ask(stage.admin, method, path, body, key)
const asCustomer = (method: string, path: string, body?: object, key?: string) =>
  ask(stage.customer, method, path, body, key)

/** An order of three units for 12.50 each that has arrived. */
async function deliveredOrder(): Promise<Sold> {
  const { shop, admin, customer } = stage
  const product = await shop.addProduct(admin, { price: 12.5, stock_quantity: 10 })
  const { order } = (await shop.placeOrder(customer, [[product, 3]])).body
  const { payment } = (await shop.pay(customer, order, 'pm_card_visa')).body
  await shop.orderBecomes(customer, order.id, 'processing', 'paid')
  for (const status of ['shipped', 'delivered']) {
    await eventually(
      () => asStaff('PATCH', `/api/orders/${order.id}/status`, { status }),
      (answer) => answer.status === 200,
      8_000,
    )
  }
  return { payment, order: await shop.getOrder(customer, order.id), productId: product.id }
}

const lineOf = ({ order }: Pick<Sold, 'order'>) => order.items[0]?.id ?? ''
const requestOf = (sold: Sold, quantity: number, over: object = {}) => ({
  items: [{ line_id: lineOf(sold), quantity, reason: 'wrong_size' }],
  ...over,
})
const returnsPath = ({ order }: Sold) => `/api/orders/${order.id}/returns`
/** A return that staff have made, so it is approved. */
async function approvedReturn(sold: Sold, quantity: number): Promise<ReturnBody> {
  return (await asStaff('POST', returnsPath(sold), requestOf(sold, quantity), crypto.randomUUID())).body.return
}
const receive = (
  sold: Sold,
  { id }: ReturnBody,
  quantity: number,
  restock: boolean,
  key: string = crypto.randomUUID(),
) => asStaff('POST', `/api/returns/${id}/receive`, { items: [{ line_id: lineOf(sold), quantity, restock }] }, key)
const refund = ({ payment }: Sold, body: object) =>
  asStaff('POST', `/api/payments/${payment.id}/refund`, body, crypto.randomUUID())
const available = async ({ productId }: Sold) =>
  (await asStaff('GET', `/api/inventory/${productId}`)).body.inventory.available

describe('a return', () => {
  it('is requested by the customer, approved, received and refunded, each seen by the customer', async () => {
    const sold = await deliveredOrder()
    const before = await available(sold)
    const wanted = requestOf(sold, 2, { note: 'Too tight' })
    const requested = await asCustomer('POST', returnsPath(sold), wanted, crypto.randomUUID())
    expect(requested).toMatchObject({
      status: 201,
      body: { return: { status: 'requested', requested_by: 'customer', note: 'Too tight', items: [{ quantity: 2 }] } },
    })
    const { id } = requested.body.return
    expect((await asStaff('GET', '/api/returns?status=requested')).body.returns.map((one) => one.id)).toContain(id)
    expect(await asStaff('POST', `/api/returns/${id}/approve`)).toMatchObject({
      status: 200,
      body: { return: { status: 'approved' } },
    })
    const key = crypto.randomUUID()
    const first = await receive(sold, requested.body.return, 1, true, key)
    expect(first.body.return).toMatchObject({ status: 'approved', items: [{ received_quantity: 1 }] })
    const again = await receive(sold, requested.body.return, 1, true, key)
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect((await receive(sold, requested.body.return, 1, false)).body.return).toMatchObject({
      status: 'received',
      items: [{ received_quantity: 2, restocked_quantity: 1, written_off_quantity: 1 }],
    })
    expect(await available(sold)).toBe(before + 1)
    const items = [{ line_id: lineOf(sold), quantity: 2 }]
    expect(await refund(sold, { items, return_id: id })).toMatchObject({
      status: 201,
      body: { refund: { amount: 25 } },
    })
    expect(moneyKept(stage.platform.stripe, sold.order)).toBe(1_250)
    expect((await asCustomer('GET', `/api/returns/${id}`)).body.return).toMatchObject({
      ...{ refunded_amount: 25, items: [{ refunded_quantity: 2 }] },
    })
    expect(await asStaff('POST', `/api/returns/${id}/close`)).toMatchObject({ body: { return: { status: 'closed' } } })
    const order = await stage.shop.orderBecomes(stage.customer, sold.order.id, 'delivered', 'partially_refunded')
    expect(order).toMatchObject({
      items: [{ returned_quantity: 2, returning_quantity: 0, refunded_quantity: 2, shipped_quantity: 3 }],
      returns: [{ id, status: 'closed' }],
    })
    const { events } = (await asCustomer('GET', `/api/orders/${order.id}/events`)).body
    expect(events.filter(({ data }) => data.return_id === id).map(({ type }) => type)).toEqual([
      'return_requested',
      'return_approved',
      'return_received',
      'return_received',
      'return_closed',
    ])
  })

  it('refunds no more units than it has received, nor any unit twice', async () => {
    const sold = await deliveredOrder()
    const made = await approvedReturn(sold, 2)
    await receive(sold, made, 1, true)
    const items = (quantity: number) => [{ line_id: lineOf(sold), quantity }]
    expect(await refund(sold, { items: items(2), return_id: made.id })).toMatchObject({
      status: 409,
      body: { code: 'quantity_exceeds_refundable', requested: 2, left: 1 },
    })
    expect(await refund(sold, { items: items(1), return_id: made.id })).toMatchObject({ status: 201 })
    expect(await refund(sold, { items: items(1), return_id: made.id })).toMatchObject({
      status: 409,
      body: { left: 0 },
    })
    const another = await deliveredOrder()
    expect(await refund(another, { items: items(1), return_id: made.id })).toMatchObject({
      status: 404,
      body: { code: 'return_not_found' },
    })
  })

  it('is of units that have left, once each', async () => {
    const sold = await deliveredOrder()
    await approvedReturn(sold, 2)
    expect(await asCustomer('POST', returnsPath(sold), requestOf(sold, 2), crypto.randomUUID())).toMatchObject({
      status: 409,
      body: { code: 'quantity_exceeds_returnable', line_id: lineOf(sold), requested: 2, left: 1 },
    })
    const twice = [...requestOf(sold, 1).items, ...requestOf(sold, 1).items]
    expect(await asCustomer('POST', returnsPath(sold), { items: twice }, crypto.randomUUID())).toMatchObject({
      status: 422,
      body: { errors: [{ field: 'items' }] },
    })
  })

  it('has one of the reasons of the shop', async () => {
    const sold = await deliveredOrder()
    const items = [{ line_id: lineOf(sold), quantity: 1, reason: 'bored' }]
    expect(await asCustomer('POST', returnsPath(sold), { items }, crypto.randomUUID())).toMatchObject({
      status: 422,
      body: { code: 'return_reason_unknown', reason: 'bored', reasons: expect.arrayContaining(['unwanted']) },
    })
  })

  it('that is refused, or withdrawn, lets its units be returned again', async () => {
    const sold = await deliveredOrder()
    const request = () => asCustomer('POST', returnsPath(sold), requestOf(sold, 3), crypto.randomUUID())
    const first = (await request()).body.return
    const refused = await asStaff('POST', `/api/returns/${first.id}/refuse`, { reason: 'It was worn' })
    expect(refused.body.return).toMatchObject({ status: 'refused', refuse_reason: 'It was worn' })
    const second = (await request()).body.return
    const cancel = () => asCustomer('POST', `/api/returns/${second.id}/cancel`)
    for (const { status, body } of [await cancel(), await cancel()]) {
      expect(status).toBe(200)
      expect(body.return.status).toBe('cancelled')
    }
    const third = (await request()).body.return
    await asStaff('POST', `/api/returns/${third.id}/approve`)
    expect(await asCustomer('POST', `/api/returns/${third.id}/cancel`)).toMatchObject({
      status: 409,
      body: { code: 'return_status_conflict', return_status: 'approved' },
    })
  })

  it('after the time of the shop is for staff to make', async () => {
    const sold = await deliveredOrder()
    await stage.platform.database.as('orders').execute(sql`
      update orders.shipments set delivered_at = delivered_at - interval '31 days' where order_id = ${sold.order.id}`)
    expect(await asCustomer('POST', returnsPath(sold), requestOf(sold, 1), crypto.randomUUID())).toMatchObject({
      status: 409,
      body: { code: 'return_window_over', line_id: lineOf(sold), until: expect.any(String) },
    })
    expect(await approvedReturn(sold, 1)).toMatchObject({ status: 'approved', requested_by: 'staff' })
  })

  it('of somebody else is not found', async () => {
    const sold = await deliveredOrder()
    const { id } = (await asCustomer('POST', returnsPath(sold), requestOf(sold, 1), crypto.randomUUID())).body.return
    const stranger = await stage.shop.signUp()
    expect(await ask(stranger, 'GET', `/api/returns/${id}`)).toMatchObject({
      status: 404,
      body: { code: 'return_not_found' },
    })
    expect(await ask(stranger, 'POST', `/api/returns/${id}/cancel`)).toMatchObject({ status: 404 })
    expect(await ask(stranger, 'GET', returnsPath(sold))).toMatchObject({ status: 404 })
    expect(await ask(stranger, 'POST', returnsPath(sold), requestOf(sold, 1), crypto.randomUUID())).toMatchObject({
      status: 404,
      body: { code: 'order_not_found' },
    })
  })

  it('of a guest is opened by the token of the order', async () => {
    const { shop, admin } = stage
    const product = await shop.addProduct(admin, { price: 12.5 })
    const body = { items: [{ product_id: product.id, quantity: 1 }], email: `guest-${crypto.randomUUID()}@example.com` }
    const placed = (await shop.request('POST', '/api/orders', { body })).body
    const guest = { 'x-order-token': placed.order_token }
    const payment = { order_id: placed.order.id, payment_method: 'pm_card_visa' }
    await shop.request('POST', '/api/payments', { body: payment, headers: guest })
    await eventually(
      () => asStaff('PATCH', `/api/orders/${placed.order.id}/status`, { status: 'shipped' }),
      ({ status }) => status === 200,
      8_000,
    )
    const items = [{ line_id: placed.order.items[0]?.id, quantity: 1, reason: 'damaged' }]
    const path = `/api/orders/${placed.order.id}/returns`
    const headers = { ...guest, 'idempotency-key': crypto.randomUUID() }
    const made = await shop.request('POST', path, { body: { items }, headers })
    expect(made).toMatchObject({ status: 201, body: { return: { requested_by: 'guest', status: 'requested' } } })
    const { id } = made.body.return
    expect(await shop.request('GET', `/api/returns/${id}`, { headers: guest })).toMatchObject({ status: 200 })
    expect(await shop.request('GET', `/api/returns/${id}`)).toMatchObject({ status: 401 })
    expect(await shop.request('POST', `/api/returns/${id}/cancel`, { headers: guest })).toMatchObject({ status: 200 })
  })
})

describe('an exchange', () => {
  /** One unit for 12.50 came back, and is exchanged for an item of that price. */
  async function exchanged(price: number) {
    const sold = await deliveredOrder()
    const made = await approvedReturn(sold, 1)
    await receive(sold, made, 1, true)
    const product = await stage.shop.addProduct(stage.admin, { price, stock_quantity: 10 })
    const items = [{ variant_id: product.variants[0]?.id, quantity: 1 }]
    const key = crypto.randomUUID()
    const ask = () => asStaff('POST', `/api/returns/${made.id}/exchange`, { items }, key)
    return { sold, made, product, ask, answer: await ask() }
  }

  /** The value of the unit went back, as store credit and as money. */
  const refundedInFull = ({ order }: Sold) =>
    eventually(
      () => stage.shop.getOrder(stage.customer, order.id),
      (after) => after.refunded_amount === 12.5 && after.payment_status === 'partially_refunded',
      8_000,
    )

  it('for the same price is paid by what came back, and takes the new item out of the stock', async () => {
    const { sold, made, product, ask, answer } = await exchanged(12.5)
    expect(answer).toMatchObject({
      status: 201,
      body: {
        return: { id: made.id, exchange_order_id: answer.body.order.id, refunded_amount: 12.5 },
        order: { exchange_of: made.id, payment_status: 'paid', total_amount: 12.5, amount_due: 0 },
      },
    })
    expect((await ask()).headers.get('idempotency-replayed')).toBe('true')
    expect(await available({ ...sold, productId: product.id })).toBe(9)
    expect((await asCustomer('GET', `/api/orders/${answer.body.order.id}`)).body.order.user_id).toBe(
      stage.customer.user.id,
    )
    const items = [{ line_id: lineOf(sold), quantity: 1 }]
    expect(await refund(sold, { items, return_id: made.id })).toMatchObject({ status: 409, body: { left: 0 } })
    await refundedInFull(sold)
    // Nothing went back over the card: all of it pays the new order.
    expect(moneyKept(stage.platform.stripe, sold.order)).toBe(3_750)
  })

  it('for something cheaper gives the rest back as money, and the ledger adds up', async () => {
    const { sold, answer } = await exchanged(7)
    expect(answer.body.order).toMatchObject({ payment_status: 'paid', total_amount: 7, amount_due: 0 })
    await refundedInFull(sold)
    expect(moneyKept(stage.platform.stripe, sold.order)).toBe(3_750 - 550)
    const rows = await stage.platform.database.as('payments').execute<{ account: string; balance: number }>(sql`
      select account, sum(amount)::int as balance from (
        select debit as account, amount from payments.ledger
        union all select credit, -amount from payments.ledger) moved
      group by account`)
    expect(rows.rows.reduce((sum, { balance }) => sum + balance, 0)).toBe(0)
  })

  it('for something dearer is paid by the customer, who owes the difference', async () => {
    const { answer } = await exchanged(20)
    const { order } = answer.body
    expect(order).toMatchObject({ status: 'pending', total_amount: 20, amount_due: 7.5 })
    const paid = await stage.shop.pay(stage.customer, order, 'pm_card_visa')
    expect(paid).toMatchObject({ status: 201, body: { payment: { amount: 7.5, status: 'succeeded' } } })
    expect(await stage.shop.orderBecomes(stage.customer, order.id, 'processing', 'paid')).toMatchObject({
      amount_due: 0,
    })
  })

  it('happens once for a return, and not before something came back', async () => {
    const { made, product } = await exchanged(12.5)
    const items = [{ variant_id: product.variants[0]?.id, quantity: 1 }]
    const again = await asStaff('POST', `/api/returns/${made.id}/exchange`, { items }, crypto.randomUUID())
    expect(again).toMatchObject({ status: 409, body: { code: 'return_exchanged' } })
    const sold = await deliveredOrder()
    const { id } = await approvedReturn(sold, 1)
    expect(await asStaff('POST', `/api/returns/${id}/exchange`, { items }, crypto.randomUUID())).toMatchObject({
      status: 409,
      body: { code: 'nothing_to_refund' },
    })
  })
})
