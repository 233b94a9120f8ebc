import { describeLimits, LIMITS } from '@shop/contracts/limits'
import { ownerOr } from '@shop/http/access'
import { expectedVersions } from '@shop/http/conditional'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import type { OrdersApp } from '../../deps.ts'
import { toOrderItem } from '../../orders/routes/order-item.ts'
import { addCartItem } from '../add-cart-item.ts'
import { AddCartItemBody } from './cart-bodies.ts'
import { CartParams, CartPostHeaders, cartRequestOf } from './cart-request.ts'
import { CART_WRITE_PROBLEMS, CartResponse, writtenCart } from './cart-view.ts'

const route = createRoute({
  method: 'post',
  path: '/api/carts/{id}/items',
  operationId: 'addCartItem',
  tags: ['Carts'],
  summary: 'Add units of a variant',
  description:
    'Units of a variant that is in the cart add up. More than can be ordered are reduced, with the message `quantity_reduced`. ' +
    describeLimits(LIMITS.cartWriteAddress),
  access: ownerOr([], 'cart_token'),
  request: { params: CartParams, headers: CartPostHeaders, body: jsonBody(AddCartItemBody) },
  responses: {
    200: json('The cart as it is now', CartResponse),
    ...problems(
      ...BODY_PROBLEMS,
      ...CART_WRITE_PROBLEMS,
      'cart_too_large',
      'product_not_found',
      'variant_not_found',
      'variant_required',
      'item_not_sold_in_currency',
      'idempotency_key_reused',
    ),
  },
})

export function addAddCartItem(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const versions = expectedVersions(c)
    if (!versions.ok) return problem(c, versions.failure)
    const headers = c.req.valid('header')
    const added = await addCartItem(c.get('deps'), {
      ...cartRequestOf(c.get('caller'), c.req.valid('param'), headers),
      versions: versions.value,
      idempotencyKey: headers['idempotency-key'],
      item: toOrderItem(c.req.valid('json')),
    })
    return added.ok ? writtenCart(c, added.value) : problem(c, added.failure)
  })
}
