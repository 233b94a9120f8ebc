import { SIGNED_IN } from '@shop/http/access'
import { versioned } from '@shop/http/conditional'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import type { OrdersApp } from '../../deps.ts'
import { getCurrentCart } from '../get-current-cart.ts'
import { CartResponse, toCartView } from './cart-view.ts'

const route = createRoute({
  method: 'get',
  path: '/api/carts/current',
  operationId: 'getCurrentCart',
  tags: ['Carts'],
  summary: 'Show the current cart of your account',
  description: 'The newest one that can still be changed or is being completed. 404 where there is none.',
  access: SIGNED_IN,
  responses: {
    200: json('The cart', CartResponse),
    ...problems('cart_not_found', 'order_total_too_large'),
  },
})

export function addGetCurrentCart(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const found = await getCurrentCart(c.get('deps'), c.get('caller'))
    if (!found.ok) return problem(c, found.failure)
    versioned(c, found.value.cart.version)
    return c.json({ cart: toCartView(found.value) }, 200)
  })
}
