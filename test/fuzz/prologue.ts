import { eventually } from '@shop/testing/eventually'
import type { ProductBody } from '@shop/testing/product-body'
import type { Account, Shop } from '@shop/testing/shop'
import type { EVERYBODY } from './memory.ts'
import type { Json } from './schema.ts'

/** What a caller knows from the beginning: parts that belong together. */
export type Given = { caller: 'customer' | 'admin' | typeof EVERYBODY; parts: Json[] }

/** Orders hears of a payment a moment later. */
const AUTHORIZED_WITHIN_MS = 10_000

/**
 * Makes what a random sequence rarely comes to by itself, so that operations on it succeed, too: a payment and a saved
 * card, an address, an attribute, a promotion, an event, a webhook endpoint with a delivery, and orders that are paid: one to be shipped,
 * one to be refunded by line, one with a shipment that was packed.
 */
export async function prologue(
  shop: Shop,
  { customer, admin, product }: { customer: Account; admin: Account; product: ProductBody },
): Promise<Given[]> {
  const send = async (by: Account, method: string, path: string, body?: object) => {
    const reply = await shop.request(method, path, { token: by.token, ...(body && { body }) })
    if (reply.status >= 300)
      throw new Error(`${method} ${path} answered ${reply.status}: ${JSON.stringify(reply.body)}`)
    return reply.body
  }
  const key = `made_${crypto.randomUUID().slice(0, 8)}`
  const [{ attribute }, { promotion }, { events }, { address }, bought] = await Promise.all([
    send(admin, 'POST', '/api/attributes', { key, label: 'Material', type: 'text' }),
    send(admin, 'POST', '/api/promotions', { name: 'Sale', type: 'percentage', value: 10, code: key }),
    send(admin, 'GET', `/api/events/catalog?key=product:${product.id}&limit=1`),
    send(customer, 'POST', '/api/users/addresses', { line1: '1 Main Street', city: 'Dublin', country: 'IE' }),
    buy(),
  ])
  const { order, line, payment, paymentMethod } = bought
  const [toShip, toRefund, packed, webhook] = await Promise.all([buy(), buy(), buyPacked(), sendWebhook()])
  return [
    { caller: 'customer', parts: [{ order, line, payment, payment_method: paymentMethod }] },
    { caller: 'customer', parts: [{ address: { id: address.id } }] },
    { caller: 'admin', parts: [{ order, line, payment }] },
    { caller: 'admin', parts: [packed] },
    { caller: 'admin', parts: [webhook] },
    ...[toRefund, toShip].map(
      (made): Given => ({
        caller: 'admin',
        parts: [{ order: made.order, line: made.line, payment: made.payment }],
      }),
    ),
    { caller: 'admin', parts: [{ attribute: { id: attribute.id } }, { promotion: { id: promotion.id } }] },
    { caller: 'admin', parts: [{ events: events.map(({ id }) => ({ id: Number(id) })) }] },
  ]

  async function buyPacked() {
    const { order, line } = await buy()
    const headers = { 'idempotency-key': crypto.randomUUID() }
    const body = { status: 'packed', items: [{ line_id: line.id, quantity: 1 }] }
    const path = `/api/orders/${order.id}/shipments`
    const packed = await eventually(
      () => shop.request('POST', path, { token: admin.token, headers, body }),
      ({ status }) => status === 201,
      AUTHORIZED_WITHIN_MS,
    )
    return { shipment: { id: packed.body.shipment.id }, order, line }
  }

  async function sendWebhook() {
    const body = { url: 'http://127.0.0.1:9/', events: ['order.paid'] }
    const { webhook_endpoint: endpoint } = await send(admin, 'POST', '/api/webhook-endpoints', body)
    const { delivery } = await send(admin, 'POST', `/api/webhook-endpoints/${endpoint.id}/test`)
    return { webhook_endpoint: { id: endpoint.id }, delivery: { id: delivery.id } }
  }

  async function buy() {
    const items = [{ product_id: product.id, quantity: 3 }]
    const { order } = await send(customer, 'POST', '/api/orders', { items })
    const request = { order_id: order.id, payment_method: 'pm_card_visa', save_payment_method: true }
    const { payment } = await send(customer, 'POST', '/api/payments', request)
    const { payment_methods: saved } = await send(customer, 'GET', '/api/payments/methods')
    const line = { id: order.items[0]?.id ?? null }
    return { order: { id: order.id }, line, payment: { id: payment.id }, paymentMethod: { id: saved[0]?.id ?? null } }
  }
}
