import { ownerOr } from '@shop/http/access'
import { expectedVersions } from '@shop/http/conditional'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import type { OrdersApp } from '../../deps.ts'
import { updateCartItem } from '../update-cart-item.ts'
import { UpdateCartItemBody } from './cart-bodies.ts'
import { CartItemParams, CartWriteHeaders, cartRequestOf } from './cart-request.ts'
import { CART_WRITE_PROBLEMS, CartResponse, writtenCart } from './cart-view.ts'

const route = createRoute({
  method: 'patch',
  path: '/api/carts/{id}/items/{item_id}',
  operationId: 'updateCartItem',
  tags: ['Carts'],
  summary: 'Set the quantity of an item',
  access: ownerOr([], 'cart_token'),
  request: { params: CartItemParams, headers: CartWriteHeaders, body: jsonBody(UpdateCartItemBody) },
  responses: {
    200: json('The cart as it is now', CartResponse),
    ...problems(...BODY_PROBLEMS, ...CART_WRITE_PROBLEMS, 'cart_item_not_found'),
  },
})

export function addUpdateCartItem(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const versions = expectedVersions(c)
    if (!versions.ok) return problem(c, versions.failure)
    const params = c.req.valid('param')
    const updated = await updateCartItem(c.get('deps'), {
      ...cartRequestOf(c.get('caller'), params, c.req.valid('header')),
      versions: versions.value,
      itemId: params.item_id,
      quantity: c.req.valid('json').quantity,
    })
    return updated.ok ? writtenCart(c, updated.value) : problem(c, updated.failure)
  })
}
