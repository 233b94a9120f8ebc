import { eventually } from '@shop/testing/eventually'
import type { OrderBody } from '@shop/testing/order-body'
import type { ProductBody } from '@shop/testing/product-body'
import type { Account, Shop } from '@shop/testing/shop'
import type { EVERYBODY } from './memory.ts'
import type { Json } from './schema.ts'

/** What a caller knows from the beginning: parts that belong together. */
export type Given = { caller: 'customer' | 'admin' | typeof EVERYBODY; parts: Json[] }

/** Orders hears of a payment a moment later. */
const AUTHORIZED_WITHIN_MS = 60_000
/** One for each return, and some that are left. */
const RETURNED_UNITS = 7

/**
 * Makes what a random sequence rarely comes to by itself, so that operations on it succeed, too: a payment and a saved
 * card, an address, an attribute, a promotion, an event, a webhook endpoint with a delivery, gift cards, a cart with one
 * of them, and orders that are paid: one to be shipped, one to be refunded by line, one with a shipment that was packed, one
 * whose returns are requested, approved and received.
 */
export async function prologue(
  shop: Shop,
  { customer, admin, product, sized }: { customer: Account; admin: Account; product: ProductBody; sized: ProductBody },
): Promise<Given[]> {
  const sendOnce = (by: Account, method: string, path: string, body?: object) =>
    shop.request(method, path, {
      ...{ token: by.token, headers: { 'idempotency-key': crypto.randomUUID() } },
      ...(body && { body }),
    })
  const send = async (by: Account, method: string, path: string, body?: object) => {
    const reply = await sendOnce(by, method, path, body)
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
    buy(3),
  ])
  const { payment_methods: saved } = await send(customer, 'GET', '/api/payments/methods')
  const [toShip, toRefund, packed, returned, webhook, withCards] = await Promise.all([
    buy(3),
    buy(3),
    buyPacked(),
    buyReturned(),
    sendWebhook(),
    issueCards(),
  ])
  return [
    { caller: 'customer', parts: [{ ...bought, payment_method: { id: saved[0]?.id ?? null } }] },
    { caller: 'customer', parts: [{ address: { id: address.id } }] },
    { caller: 'admin', parts: [bought] },
    { caller: 'admin', parts: [packed] },
    { caller: 'admin', parts: [webhook] },
    ...[toRefund, toShip].map((made): Given => ({ caller: 'admin', parts: [made] })),
    ...returned,
    ...withCards,
    { caller: 'admin', parts: [{ attribute: { id: attribute.id } }, { promotion: { id: promotion.id } }] },
    { caller: 'admin', parts: [{ events: events.map(({ id }) => ({ id: Number(id) })) }] },
  ]

  async function buyPacked() {
    const { order, line } = await buy(3)
    return {
      shipment: await ship(order, { status: 'packed', items: [{ line_id: line.id, quantity: 1 }] }),
      order,
      line,
    }
  }

  /** An order that has left, with returns that are requested, approved and received: one to be closed, one to be exchanged. */
  async function buyReturned(): Promise<Given[]> {
    const made = await buy(RETURNED_UNITS)
    const { order, line } = made
    await ship(order, { items: [{ line_id: line.id, quantity: RETURNED_UNITS }] })
    const items = [{ line_id: line.id, quantity: 1, reason: 'unwanted' }]
    const ask = async (by: Account) => (await send(by, 'POST', `/api/orders/${order.id}/returns`, { items })).return
    const requested = await ask(customer)
    // One after the other: they change the same order.
    const approved = await ask(admin)
    const receipt = { items: [{ line_id: line.id, quantity: 1, restock: true }] }
    const receive = async () => {
      const { id } = await ask(admin)
      return (await send(admin, 'POST', `/api/returns/${id}/receive`, receipt)).return
    }
    const [closable, exchangeable] = [await receive(), await receive()]
    const variant = { id: sized.variants[0]?.id ?? null }
    return [requested, approved, closable, exchangeable].flatMap(({ id }) =>
      (['customer', 'admin'] as const).map((caller) => ({ caller, parts: [{ ...made, return: { id }, variant }] })),
    )
  }

  async function ship({ id }: Pick<OrderBody, 'id'>, body: object) {
    const { body: answer } = await eventually(
      () => sendOnce(admin, 'POST', `/api/orders/${id}/shipments`, body),
      ({ status }) => status === 201,
      AUTHORIZED_WITHIN_MS,
    )
    return { id: answer.shipment.id }
  }

  async function sendWebhook() {
    const body = { url: 'http://127.0.0.1:9/', events: ['order.paid'] }
    const { webhook_endpoint: endpoint } = await send(admin, 'POST', '/api/webhook-endpoints', body)
    const { delivery } = await send(admin, 'POST', `/api/webhook-endpoints/${endpoint.id}/test`)
    return { webhook_endpoint: { id: endpoint.id }, delivery: { id: delivery.id } }
  }

  /** Two gift cards, of which one is in a cart of the customer. */
  async function issueCards(): Promise<Given[]> {
    const [free, inCart] = await Promise.all(
      [30, 20].map(async (amount) => {
        const { gift_card: card } = await send(admin, 'POST', '/api/gift-cards', { amount, currency: 'USD' })
        return { id: card.id, code: card.code }
      }),
    )
    if (free === undefined || inCart === undefined) throw new Error('There are no gift cards')
    const items = [{ product_id: product.id, quantity: 2 }]
    const { cart } = await send(customer, 'POST', '/api/carts', { items })
    await send(customer, 'POST', `/api/carts/${cart.id}/gift-cards`, { code: inCart.code })
    const item = { id: cart.items[0]?.id ?? null }
    return [
      { caller: 'customer', parts: [{ gift_card: free, product: { id: product.id } }] },
      { caller: 'customer', parts: [{ cart: { id: cart.id }, cart_item: item, gift_card: { id: inCart.id } }] },
      ...[free, inCart].map(({ id }): Given => ({ caller: 'admin', parts: [{ gift_card: { id } }] })),
    ]
  }

  async function buy(quantity: number) {
    const items = [{ product_id: product.id, quantity }]
    const { order } = await send(customer, 'POST', '/api/orders', { items })
    const request = { order_id: order.id, payment_method: 'pm_card_visa', save_payment_method: true }
    const { payment } = await send(customer, 'POST', '/api/payments', request)
    return { order: { id: order.id }, line: { id: order.items[0]?.id ?? null }, payment: { id: payment.id } }
  }
}
