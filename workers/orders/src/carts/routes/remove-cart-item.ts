import { expectedVersions, versioned } from '@shop/http/conditional'
import { BEARER_OR_CART_TOKEN, createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import type { OrdersApp } from '../../deps.ts'
import { removeCartItem } from '../remove-cart-item.ts'
import { CartItemParams, CartWriteHeaders, cartRequestOf } from './cart-request.ts'
import { CartResponse, toCartView } from './cart-view.ts'

const route = createRoute({
  method: 'delete',
  path: '/api/carts/{id}/items/{item_id}',
  operationId: 'removeCartItem',
  tags: ['Carts'],
  summary: 'Take an item out of a cart',
  security: BEARER_OR_CART_TOKEN,
  request: { params: CartItemParams, headers: CartWriteHeaders },
  responses: {
    200: json('The cart as it is now', CartResponse),
    ...problems(
      'validation_failed',
      'cart_not_found',
      'cart_not_open',
      'cart_completing',
      'cart_item_not_found',
      'cart_too_large',
      'order_total_too_large',
      'idempotency_key_reused',
      'version_conflict',
    ),
  },
})

export function addRemoveCartItem(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const versions = expectedVersions(c)
    if (!versions.ok) return problem(c, versions.failure)
    const params = c.req.valid('param')
    const request = cartRequestOf(c.get('caller'), params, c.req.valid('header'))
    const removed = await removeCartItem(c.get('deps'), {
      ...request,
      versions: versions.value,
      itemId: params.item_id,
    })
    if (!removed.ok) return problem(c, removed.failure)
    versioned(c, removed.value.cart.version)
    return c.json({ cart: toCartView(removed.value) }, 200)
  })
}
