import type { Reply } from '@shop/testing/client'
import { eventually } from '@shop/testing/eventually'
import type { OrderBody } from '@shop/testing/order-body'
import type { Account } from '@shop/testing/shop'
import { sql } from 'drizzle-orm'
import type { Watched } from '../support/consistency.ts'
import { untilDone } from '../support/failpoints.ts'
import type { Stage } from '../support/use-platform.ts'

const OPENING = 10
const STOCK_TAKEN_WITHIN_MS = 30_000

type Bought = { order: OrderBody; paymentId: string }

/** Places an order and pays it, each as often as it takes, and waits until its stock was sold. */
export async function buy(stage: Stage, { token }: Account, order: object): Promise<Bought> {
  const send = (path: string, body: object) => {
    const options = { token, body, headers: { 'idempotency-key': crypto.randomUUID() } }
    return untilDone(
      stage,
      () => stage.shop.request('POST', path, options),
      ({ status }) => status === 201,
    )
  }
  const placed = (await send('/api/orders', order)).body.order
  const { payment } = (await send('/api/payments', { order_id: placed.id, payment_method: 'pm_card_visa' })).body
  const isSold = async () => {
    const { rows } = await stage.platform.database
      .as('orders')
      .execute(sql`select id from orders.orders where id = ${placed.id} and stock_committed`)
    if (rows.length === 0) await stage.platform.sweep()
    return rows.length === 1
  }
  await eventually(isSold, (found) => found, STOCK_TAKEN_WITHIN_MS)
  return { order: placed, paymentId: payment.id }
}

/** An order whose money is reserved, or taken, and whose stock was sold. */
export type SoldOrder = {
  stage: Stage
  /** For the mismatches of its money, stock and history. */
  watched: Watched
  customer: Account
  id: string
  paymentId: string
  lineId: string
}

/** Three units for 12.50 each, of a new product, bought by a new customer. */
export async function sellOrder(stage: Stage, name: string): Promise<SoldOrder> {
  const { shop, admin } = stage
  const product = await shop.addProduct(admin, { stock_quantity: OPENING })
  const customer = await shop.signUp()
  const { order, paymentId } = await buy(stage, customer, { items: [{ product_id: product.id, quantity: 3 }] })
  const watched = { name, token: customer.token, product, opening: OPENING }
  return { stage, watched, customer, id: order.id, paymentId, lineId: order.items[0]?.id ?? '' }
}

/** Sends a request as staff, each time with the same key if one is given. */
export const asStaff = ({ shop, admin }: Stage, method: string, path: string, body?: object, key?: string) =>
  shop.request(method, path, {
    token: admin.token,
    body,
    headers: key === undefined ? {} : { 'idempotency-key': key },
  })

/** A shipment of so many units. The same key is the same shipment. */
export const ship = (
  { stage, id, lineId }: SoldOrder,
  quantity: number,
  { status = 'shipped', key = crypto.randomUUID() }: { status?: 'packed' | 'shipped'; key?: string } = {},
): Promise<Reply> =>
  asStaff(stage, 'POST', `/api/orders/${id}/shipments`, { items: [{ line_id: lineId, quantity }], status }, key)

export const readOrder = ({ stage, customer, id }: SoldOrder): Promise<OrderBody> => stage.shop.getOrder(customer, id)
