import { IdempotencyKeyHeader, OrderWithMessage, PlaceOrderBody } from '@shop/contracts'
import { BEARER, BODY_PROBLEMS, createRoute, json, jsonBody, problem, problems } from '@shop/http'
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
    'With an `Idempotency-Key` a repeated request gets the first answer and `Idempotency-Replayed: true`.',
  security: BEARER,
  request: {
    headers: z.object({ 'idempotency-key': IdempotencyKeyHeader.optional() }),
    body: jsonBody(PlaceOrderBody),
  },
  responses: {
    201: json('The order, waiting for payment', OrderWithMessage),
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
    ),
  },
})

export function addPlaceOrder(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const body = c.req.valid('json')
    const placed = await placeOrder(c.get('deps'), c.get('caller'), {
      items: body.items.map((item) => ({ productId: item.product_id, quantity: item.quantity })),
      shippingAddress: body.shipping_address ?? null,
      idempotencyKey: c.req.valid('header')['idempotency-key'],
    })
    if (!placed.ok) return problem(c, placed.failure)
    if (placed.value.replayed) c.header('Idempotency-Replayed', 'true')
    return c.json({ order: toOrderView(placed.value.order), message: 'Order placed' }, 201)
  })
}
