import { expectedVersions } from '@shop/http/conditional'
import { BEARER_OR_CART_TOKEN, BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import type { OrdersApp } from '../../deps.ts'
import { updateCartItem } from '../update-cart-item.ts'
import { UpdateCartItemBody } from './cart-bodies.ts'
import { CartItemParams, CartWriteHeaders, cartCredentialRequired, cartRequestOf } from './cart-request.ts'
import { CART_WRITE_PROBLEMS, CartResponse, writtenCart } from './cart-view.ts'

const route = createRoute({
  method: 'patch',
  path: '/api/carts/{id}/items/{item_id}',
  operationId: 'updateCartItem',
  tags: ['Carts'],
  summary: 'Set the quantity of an item',
  security: BEARER_OR_CART_TOKEN,
  middleware: cartCredentialRequired,
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
