import { newId } from '@shop/http/ids'
import { eventually } from '@shop/testing/eventually'
import type { OrderBody } from '@shop/testing/order-body'
import type { ProductBody } from '@shop/testing/product-body'
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { usePlatform } from './support/use-platform.ts'

// Cloudflare refuses the 33rd call between workers that one invocation makes, and so does this platform. The end of the
// file checks that none made 25 (`usePlatform`).

const stage = usePlatform({ holdSeconds: 3_600 })

const ORDERS = 300
const WITHIN_MS = 60_000

/** A paid order of one unit, of whose rows copies are made. */
async function paidOrder(units: number): Promise<{ product: ProductBody; order: OrderBody; paymentId: string }> {
  const { shop, admin, customer } = stage
  const product = await shop.addProduct(admin, { stock_quantity: units })
  const { order } = (await shop.placeOrder(customer, [[product, 1]])).body
  const paid = await shop.pay(customer, order, 'pm_card_visa')
  await shop.orderBecomes(customer, order.id, 'processing', 'paid')
  return { product, order, paymentId: paid.body.payment.id }
}

/** Copies an order as it was when it was placed. It holds no stock. */
async function copyOrders(order: OrderBody, ids: string[], expiresInSeconds: number): Promise<void> {
  const db = stage.platform.database.as('orders')
  const fresh = sql`jsonb_build_object('id', copy.id, 'number', nextval('orders.order_numbers'), 'status', 'pending', 'payment_status', 'unpaid',
    'payment_id', null, 'captured_amount', 0, 'charged_amount', 0, 'stock_committed', false, 'version', 1,
    'expires_at', now() + ${expiresInSeconds}::int * interval '1 second')`
  await db.execute(sql`
    with copied as (
      insert into orders.orders
      select (jsonb_populate_record(o, ${fresh})).*
      from orders.orders o, jsonb_array_elements_text(${JSON.stringify(ids)}::jsonb) copy (id) where o.id = ${order.id}
      returning id, created_at
    ), lines as (
      insert into orders.order_lines
      select (jsonb_populate_record(l, jsonb_build_object('id', l.id || copied.id, 'order_id', copied.id))).*
      from orders.order_lines l, copied where l.order_id = ${order.id}
    )
    insert into orders.order_events (order_id, seq, type, at, actor, data)
    select id, 1, 'placed', created_at, '{"kind":"system"}', '{}' from copied`)
}

/** Copies a captured payment for each order, with an event that orders has not received. */
async function copyCaptures(paymentId: string, orderIds: string[]): Promise<void> {
  const db = stage.platform.database.as('payments')
  const pairs = JSON.stringify(orderIds.map((orderId) => ({ id: newId('payment'), order_id: orderId })))
  await db.execute(sql`
    with pair as (select * from jsonb_to_recordset(${pairs}::jsonb) as pair(id text, order_id text)),
    copied as (
      insert into payments.payments
      select (jsonb_populate_record(p, jsonb_build_object(
        'id', pair.id, 'order_id', pair.order_id, 'intent_id', 'pi_copy_' || pair.id))).*
      from payments.payments p, pair where p.id = ${paymentId}
    ), told as (
      insert into payments.events (type, version, key, sequence, payload, created_at)
      select e.type, e.version, pair.id, e.sequence,
             e.payload || jsonb_build_object('paymentId', pair.id, 'orderId', pair.order_id), now()
      from payments.events e, pair where e.key = ${paymentId} and e.type = 'payment.captured'
      returning id, key
    )
    insert into payments.event_deliveries (event_id, consumer, key, next_attempt_at)
    select id, 'orders', key, now() from told`)
}

async function countOf(service: 'orders' | 'payments', query: ReturnType<typeof sql>): Promise<number> {
  const { rows } = await stage.platform.database.as(service).execute<{ count: string }>(query)
  return Number(rows[0]?.count)
}
const onHand = async ({ id }: ProductBody) => {
  const { body } = await stage.shop.request('GET', `/api/inventory/${id}`, { token: stage.admin.token })
  return body.inventory.on_hand
}
const newIds = (count: number) => Array.from({ length: count }, () => newId('order'))

describe('a backlog of some hundred', () => {
  it('captures is told to orders, which sells their stock, over several invocations of one sweep', async () => {
    const { product, order, paymentId } = await paidOrder(ORDERS + 1)
    const ids = newIds(ORDERS)
    await copyOrders(order, ids, 3_600)
    await copyCaptures(paymentId, ids)
    await stage.platform.sweep()
    const sold = sql`select count(*) from orders.orders
      where id in ${ids} and status = 'processing' and payment_status = 'paid' and stock_committed`
    expect(await countOf('orders', sold)).toBe(ORDERS)
    const open = sql`select count(*) from payments.event_deliveries where consumer = 'orders' and status = 'pending'`
    expect(await countOf('payments', open)).toBe(0)
    expect(await onHand(product)).toBe(0)
    const swept = stage.platform.logs().filter((line) => line.includes('"swept"') && line.includes('"delivered":300'))
    expect(swept).toHaveLength(1)
  })

  it('expired orders is cancelled, and their stock is free once payments has confirmed each', async () => {
    const { product, order } = await paidOrder(10)
    const ids = newIds(ORDERS)
    await copyOrders(order, ids, -1)
    await stage.platform.sweep()
    const cancelled = sql`select count(*) from orders.orders where id in ${ids} and cancel_reason = 'expired'`
    expect(await countOf('orders', cancelled)).toBe(ORDERS)
    // The queue's message wakes payments; no further sweep is needed.
    const confirmed = sql`select count(*) from orders.event_deliveries
      where key in ${ids} and consumer = 'payments' and status = 'done'`
    await eventually(
      () => countOf('orders', confirmed),
      (count) => count === ORDERS,
      WITHIN_MS,
    )
    expect(await onHand(product)).toBe(9)
  })

  it('paid orders that were left unsold is sold by the sweep', async () => {
    const { product, order } = await paidOrder(ORDERS + 1)
    const ids = newIds(ORDERS)
    await copyOrders(order, ids, 3_600)
    await stage.platform.database.as('orders').execute(sql`
      update orders.orders set status = 'processing', payment_status = 'paid', payment_id = 'pay_' || id,
        charged_amount = total, captured_amount = total, updated_at = now() - interval '2 minutes'
      where id in ${ids}`)
    await stage.platform.sweep()
    const sold = sql`select count(*) from orders.orders where id in ${ids} and stock_committed`
    expect(await countOf('orders', sold)).toBe(ORDERS)
    expect(await onHand(product)).toBe(0)
  })
})
