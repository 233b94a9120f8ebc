import { PlacedOrder, PlaceOrderBody } from '@shop/contracts'
import { BEARER_OR_NOTHING, BODY_PROBLEMS, createRoute, json, jsonBody, problem, problems } from '@shop/http'
import { IdempotencyKeyHeader } from '@shop/kernel'
import { z } from 'zod'
import { placeOrder } from '../operations/place-order.ts'
import { toOrderView } from '../view.ts'
import type { OrdersApp } from './orders-app.ts'

const route = createRoute({
  method: 'post',
  path: '/api/orders',
  operationId: 'placeOrder',
  tags: ['Orders'],
  summary: 'Place an order',
  description:
    'Holds the stock of every item or of none and waits for payment until `expires_at`. ' +
    'With an `Idempotency-Key` a repeated request gets the first answer and `Idempotency-Replayed: true`. ' +
    'Without an account an `email` is needed, and a key must then carry 128 random bits, such as a UUID; ' +
    'the answer has an `order_token`, which opens the order as `X-Order-Token`.',
  security: BEARER_OR_NOTHING,
  request: {
    headers: z.object({ 'idempotency-key': IdempotencyKeyHeader.optional() }),
    body: jsonBody(PlaceOrderBody),
  },
  responses: {
    201: json('The order, waiting for payment', PlacedOrder),
    ...problems(
      ...BODY_PROBLEMS,
      'authentication_required',
      'forbidden',
      'product_not_found',
      'out_of_stock',
      'hold_conflict',
      'mixed_currencies',
      'order_total_too_large',
      'idempotency_key_reused',
      'idempotency_in_flight',
      'idempotency_key_too_weak',
    ),
  },
})

export function addPlaceOrder(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const body = c.req.valid('json')
    const placed = await placeOrder(c.get('deps'), c.get('caller'), {
      items: body.items.map((item) => ({ productId: item.product_id, quantity: item.quantity })),
      shippingAddress: body.shipping_address ?? null,
      email: body.email ?? null,
      idempotencyKey: c.req.valid('header')['idempotency-key'],
    })
    if (!placed.ok) return problem(c, placed.failure)
    const { order, orderToken, replayed } = placed.value
    if (replayed) c.header('Idempotency-Replayed', 'true')
    const token = orderToken === null ? {} : { order_token: orderToken }
    return c.json({ order: toOrderView(order), ...token, message: 'Order placed' }, 201)
  })
}
