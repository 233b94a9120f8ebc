import type { Reply } from '@shop/testing/client'
import { eventually } from '@shop/testing/eventually'
import type { OrderBody } from '@shop/testing/order-body'
import type { Account } from '@shop/testing/shop'
import type { Watched } from '../support/consistency.ts'
import type { Stage } from '../support/use-platform.ts'

const OPENING = 10
const STOCK_TAKEN_WITHIN_MS = 15_000

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
  const { order } = (await shop.placeOrder(customer, [[product, 3]])).body
  const { payment } = (await shop.pay(customer, order, 'pm_card_visa')).body
  const inventory = async () =>
    (await shop.request('GET', `/api/inventory/${product.id}`, { token: admin.token })).body.inventory
  await eventually(inventory, ({ on_hand }) => on_hand === OPENING - 3, STOCK_TAKEN_WITHIN_MS)
  const watched = { name, token: customer.token, product, opening: OPENING }
  return { stage, watched, customer, id: order.id, paymentId: payment.id, lineId: order.items[0]?.id ?? '' }
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
