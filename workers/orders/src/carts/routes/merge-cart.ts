import { SIGNED_IN } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { KeyHeader } from '@shop/kernel/idempotency'
import type { OrdersApp } from '../../deps.ts'
import { mergeCart } from '../merge-cart.ts'
import { CartHeaders, CartParams, cartRequestOf } from './cart-request.ts'
import { CartResponse, writtenCart } from './cart-view.ts'

const route = createRoute({
  method: 'post',
  path: '/api/carts/{id}/merge',
  operationId: 'mergeCart',
  tags: ['Carts'],
  summary: "Put a guest's cart into that of your account",
  description:
    "The path names the guest's cart, and `X-Cart-Token` opens it. Of the same variant the larger quantity counts. The guest's " +
    'cart is closed. Sent again it changes nothing, with or without an `Idempotency-Key`.',
  access: SIGNED_IN,
  request: { params: CartParams, headers: CartHeaders.extend(KeyHeader) },
  responses: {
    200: json('The cart of the account', CartResponse),
    ...problems(
      'validation_failed',
      'cart_not_found',
      'cart_not_open',
      'cart_completing',
      'cart_too_large',
      'order_total_too_large',
      'idempotency_key_reused',
      'version_conflict',
    ),
  },
})

export function addMergeCart(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const request = cartRequestOf(c.get('caller'), c.req.valid('param'), c.req.valid('header'))
    const { 'idempotency-key': idempotencyKey } = c.req.valid('header')
    const merged = await mergeCart(c.get('deps'), { ...request, idempotencyKey })
    return merged.ok ? writtenCart(c, merged.value) : problem(c, merged.failure)
  })
}
