import { describeLimits, LIMITS } from '@shop/contracts/limits'
import { ORDER_TOKEN_EXAMPLE } from '@shop/contracts/orders/access'
import { addressOf } from '@shop/http/limits'
import { BEARER_OR_NOTHING, BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { Email } from '@shop/kernel/email'
import { KeyHeader, REPLAYED_HEADER } from '@shop/kernel/idempotency'
import { Currency } from '@shop/kernel/money'
import { z } from 'zod'
import type { OrdersApp } from '../../deps.ts'
import { placeOrder } from '../place-order.ts'
import { OrderItemBody, toOrderItem } from './order-item.ts'
import { OrderView, toOrderView } from './order-view.ts'
import { ShippingAddressBody } from './shipping-address.ts'

const MAX_LINES = 100

const PlaceOrderBody = z
  .strictObject({
    items: z.array(OrderItemBody).min(1).max(MAX_LINES).meta({
      description:
        'Each names a variant by one of `variant_id`, `sku` and `product_id`. Lines of the same variant count together against the stock',
    }),
    currency: Currency.optional().meta({
      description: 'Currency of the order: every item has to be sold in it. Default: the first currency of the items',
      example: 'EUR',
    }),
    shipping_address: ShippingAddressBody.nullable().optional(),
    email: Email.optional().meta({
      description: "The buyer's e-mail address. Required without an account",
      example: 'guest@example.com',
    }),
  })
  .meta({ id: 'PlaceOrderRequest' })

const PlacedOrder = z
  .strictObject({
    order: OrderView,
    order_token: z.string().optional().meta({
      description: 'For guests only: send it as `X-Order-Token` to see, pay or cancel the order',
      example: ORDER_TOKEN_EXAMPLE,
    }),
    message: z.string().meta({ example: 'Order placed' }),
  })
  .meta({ id: 'PlacedOrder' })

const route = createRoute({
  method: 'post',
  path: '/api/orders',
  operationId: 'placeOrder',
  tags: ['Orders'],
  summary: 'Place an order',
  description:
    'Holds the stock of every item or of none and waits for payment until `expires_at`. ' +
    'The total must be an amount that can be charged; an order of 0 is paid by placing it. ' +
    'With an `Idempotency-Key` a repeated request gets the first answer and `Idempotency-Replayed: true`. ' +
    'Without an account an `email` is required, and a key must then carry 128 random bits, such as a UUID; ' +
    'the answer has an `order_token`, which opens the order as `X-Order-Token`. ' +
    'Unpaid orders of one buyer, and the units in them, are capped. ' +
    describeLimits(LIMITS.orderAddress, LIMITS.order),
  security: BEARER_OR_NOTHING,
  request: {
    headers: z.object(KeyHeader),
    body: jsonBody(PlaceOrderBody),
  },
  responses: {
    201: json('The order, waiting for payment unless it costs nothing', PlacedOrder),
    ...problems(
      ...BODY_PROBLEMS,
      'authentication_required',
      'forbidden',
      'product_not_found',
      'variant_not_found',
      'variant_required',
      'out_of_stock',
      'hold_conflict',
      'mixed_currencies',
      'item_not_sold_in_currency',
      'order_total_too_large',
      'amount_not_chargeable',
      'max_per_order_exceeded',
      'too_many_open_orders',
      'too_many_units_held',
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
      items: body.items.map(toOrderItem),
      currency: body.currency,
      shippingAddress: body.shipping_address ?? null,
      email: body.email ?? null,
      address: addressOf(c),
      idempotencyKey: c.req.valid('header')['idempotency-key'],
    })
    if (!placed.ok) return problem(c, placed.failure)
    const { order, orderToken, replayed } = placed.value
    if (replayed) c.header(REPLAYED_HEADER, 'true')
    const token = orderToken === null ? {} : { order_token: orderToken }
    return c.json({ order: toOrderView(order, c.get('caller')), ...token, message: 'Order placed' }, 201)
  })
}
