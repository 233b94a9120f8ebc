import { ORDER_TOKEN_EXAMPLE } from '@shop/contracts/orders/access'
import type { AppEnv } from '@shop/http/app'
import { REPLAYED_HEADER } from '@shop/kernel/idempotency'
import type { Context } from 'hono'
import { z } from 'zod'
import type { OrdersDeps } from '../../deps.ts'
import type { PlacedOrder } from '../place-order.ts'
import { toOrderView } from './order-view.ts'

export const OrderToken = z.string().optional().meta({
  description: 'For guests only: send it as `X-Order-Token` to see, pay or cancel the order',
  example: ORDER_TOKEN_EXAMPLE,
})

/** What is answered about an order that was placed, by itself or from a cart. Marks one that was placed before. */
export function placedOrder(c: Context<AppEnv<OrdersEnv, OrdersDeps>>, { order, orderToken, replayed }: PlacedOrder) {
  if (replayed) c.header(REPLAYED_HEADER, 'true')
  const token = orderToken === null ? {} : { order_token: orderToken }
  return { order: toOrderView(order, c.get('caller')), ...token }
}
