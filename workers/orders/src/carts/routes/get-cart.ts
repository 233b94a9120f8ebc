import { ownerOr } from '@shop/http/access'
import { versioned } from '@shop/http/conditional'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import type { OrdersApp } from '../../deps.ts'
import { getCart } from '../get-cart.ts'
import { CartHeaders, CartParams, cartRequestOf } from './cart-request.ts'
import { CartResponse, toCartView } from './cart-view.ts'

const route = createRoute({
  method: 'get',
  path: '/api/carts/{id}',
  operationId: 'getCart',
  tags: ['Carts'],
  summary: 'Show a cart with the prices of now',
  description:
    'For its account, for the guest who has its token, and for staff. Promotions, shipping and tax may be up to 60 s old; ' +
    'completing the cart decides.',
  access: ownerOr(['carts:read'], 'cart_token'),
  request: { params: CartParams, headers: CartHeaders },
  responses: {
    200: json('The cart', CartResponse),
    ...problems('cart_not_found', 'order_total_too_large', 'validation_failed'),
  },
})

export function addGetCart(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const request = cartRequestOf(c.get('caller'), c.req.valid('param'), c.req.valid('header'))
    const found = await getCart(c.get('deps'), request)
    if (!found.ok) return problem(c, found.failure)
    versioned(c, found.value.cart.version)
    return c.json({ cart: toCartView(found.value) }, 200)
  })
}
