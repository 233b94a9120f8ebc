import { describeLimits, LIMITS } from '@shop/contracts/limits'
import { ownerOr } from '@shop/http/access'
import { expectedVersions } from '@shop/http/conditional'
import { addressOf } from '@shop/http/limits'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { z } from 'zod'
import type { OrdersApp } from '../../deps.ts'
import { OrderView } from '../../orders/routes/order-view.ts'
import { OrderToken, placedOrder } from '../../orders/routes/placed-order.ts'
import { completeCart } from '../complete-cart.ts'
import { CompleteCartBody } from './cart-bodies.ts'
import { CartParams, CartPostHeaders, cartRequestOf } from './cart-request.ts'

const CompletedCart = z
  .strictObject({
    order: OrderView,
    order_token: OrderToken,
  })
  .meta({ id: 'CompletedCart' })

const route = createRoute({
  method: 'post',
  path: '/api/carts/{id}/complete',
  operationId: 'completeCart',
  tags: ['Carts'],
  summary: 'Make an order of a cart',
  description:
    'A cart makes one order, however often it is completed: a repeated call gets it again, with `Idempotency-Replayed: true`. ' +
    'It needs what an order needs, such as the `email` of a guest. If the order would cost something else than ' +
    '`expected_total`, or than the cart answered last, or if other codes apply, it is refused with `total_changed` and the new ' +
    'totals. After a refusal the cart is open again, and so it is once its order is cancelled unpaid. ' +
    describeLimits(LIMITS.orderAddress, LIMITS.order),
  access: ownerOr([], 'cart_token'),
  request: {
    params: CartParams,
    headers: CartPostHeaders,
    body: { ...jsonBody(CompleteCartBody), required: false },
  },
  responses: {
    201: json('The order, waiting for payment unless it costs nothing', CompletedCart),
    ...problems(
      ...BODY_PROBLEMS,
      'authentication_required',
      'forbidden',
      'cart_not_found',
      'cart_not_open',
      'cart_completing',
      'cart_empty',
      'version_conflict',
      'product_not_found',
      'variant_not_found',
      'out_of_stock',
      'hold_conflict',
      'item_not_sold_in_currency',
      'order_total_too_large',
      'amount_not_chargeable',
      'max_per_order_exceeded',
      'code_not_applied',
      'gift_card_not_found',
      'gift_card_not_applied',
      'total_changed',
      'invalid_amount',
      'address_required',
      'address_incomplete',
      'shipping_required',
      'shipping_option_not_offered',
      'invalid_vat_id',
      'order_changed',
      'too_many_open_orders',
      'too_many_units_held',
      'idempotency_key_reused',
    ),
  },
})

export function addCompleteCart(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const versions = expectedVersions(c)
    if (!versions.ok) return problem(c, versions.failure)
    const headers = c.req.valid('header')
    const completed = await completeCart(c.get('deps'), {
      ...cartRequestOf(c.get('caller'), c.req.valid('param'), headers),
      versions: versions.value,
      idempotencyKey: headers['idempotency-key'],
      expectedTotal: c.req.valid('json').expected_total,
      address: addressOf(c),
    })
    if (!completed.ok) return problem(c, completed.failure)
    return c.json(placedOrder(c, completed.value), 201)
  })
}
