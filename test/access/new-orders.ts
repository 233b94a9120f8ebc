import type { OrderBody } from '@shop/testing/order-body'
import type { PaymentBody } from '@shop/testing/payment-bodies'
import type { Stage } from '../support/use-platform.ts'

export type NewOrders = ReturnType<typeof newOrdersOf>

/**
 * Makes orders of the customer, and what comes of them.
 *
 * @param secret only the owner and staff may read this text. It is part of the address of each order
 */
export function newOrdersOf(stage: Stage, secret: string) {
  async function newOrder(): Promise<OrderBody> {
    const { shop, admin, customer } = stage
    const product = await shop.addProduct(admin)
    const body = { items: [{ product_id: product.id, quantity: 1 }], shipping_address: secret }
    return (await shop.request('POST', '/api/orders', { token: customer.token, body })).body.order
  }

  async function newPayment(): Promise<PaymentBody> {
    return (await stage.shop.pay(stage.customer, await newOrder())).body.payment
  }

  async function newPaidOrder(): Promise<OrderBody> {
    const { shop, customer } = stage
    const order = await newOrder()
    await shop.pay(customer, order, 'pm_card_visa')
    await shop.orderBecomes(customer, order.id, 'processing', 'paid')
    return order
  }

  /** A packed shipment. */
  async function newShipment(): Promise<string> {
    const { shop, admin } = stage
    const { id, items } = await newPaidOrder()
    const body = { items: [{ line_id: items[0]?.id, quantity: 1 }], status: 'packed' }
    const headers = { 'idempotency-key': crypto.randomUUID() }
    const made = await shop.request('POST', `/api/orders/${id}/shipments`, { token: admin.token, body, headers })
    return made.body.shipment.id
  }

  /** A paid order of which everything has left. */
  async function newShippedOrder(): Promise<OrderBody> {
    const { shop, admin } = stage
    const order = await newPaidOrder()
    await shop.request('PATCH', `/api/orders/${order.id}/status`, { token: admin.token, body: { status: 'shipped' } })
    return order
  }

  const returnOf = ({ items }: OrderBody) => ({ items: [{ line_id: items[0]?.id, quantity: 1, reason: 'unwanted' }] })

  /** A return that the customer, or staff, have made. */
  async function newReturn({ token } = stage.customer): Promise<{ id: string; order: OrderBody }> {
    const order = await newShippedOrder()
    const headers = { 'idempotency-key': crypto.randomUUID() }
    const request = { token, body: returnOf(order), headers }
    const made = await stage.shop.request('POST', `/api/orders/${order.id}/returns`, request)
    return { id: made.body.return.id, order }
  }

  return { secret, newOrder, newPayment, newPaidOrder, newShipment, newShippedOrder, returnOf, newReturn }
}
