import { ownerOr } from '@shop/http/access'
import { expectedVersions } from '@shop/http/conditional'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import type { OrdersApp } from '../../deps.ts'
import { removeCartItem } from '../remove-cart-item.ts'
import { CartItemParams, CartWriteHeaders, cartRequestOf } from './cart-request.ts'
import { CART_WRITE_PROBLEMS, CartResponse, writtenCart } from './cart-view.ts'

const route = createRoute({
  method: 'delete',
  path: '/api/carts/{id}/items/{item_id}',
  operationId: 'removeCartItem',
  tags: ['Carts'],
  summary: 'Take an item out of a cart',
  access: ownerOr([], 'cart_token'),
  request: { params: CartItemParams, headers: CartWriteHeaders },
  responses: {
    200: json('The cart as it is now', CartResponse),
    ...problems('validation_failed', ...CART_WRITE_PROBLEMS, 'cart_item_not_found'),
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
    return removed.ok ? writtenCart(c, removed.value) : problem(c, removed.failure)
  })
}
