import { ownerOr } from '@shop/http/access'
import { expectedVersions } from '@shop/http/conditional'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import type { OrdersApp } from '../../deps.ts'
import { updateCart } from '../update-cart.ts'
import { toCartUpdate, UpdateCartBody } from './cart-bodies.ts'
import { CartParams, CartWriteHeaders, cartRequestOf } from './cart-request.ts'
import { CART_WRITE_PROBLEMS, CartResponse, writtenCart } from './cart-view.ts'

const route = createRoute({
  method: 'patch',
  path: '/api/carts/{id}',
  operationId: 'updateCart',
  tags: ['Carts'],
  summary: 'Enter address, shipping, codes and the like',
  description:
    'A field that is left out keeps its value. A code that gives nothing, and an option that is not offered, are kept: they ' +
    'count once they apply.',
  access: ownerOr([], 'cart_token'),
  request: { params: CartParams, headers: CartWriteHeaders, body: jsonBody(UpdateCartBody) },
  responses: {
    200: json('The cart as it is now', CartResponse),
    ...problems(...BODY_PROBLEMS, ...CART_WRITE_PROBLEMS, 'invalid_vat_id'),
  },
})

export function addUpdateCart(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const versions = expectedVersions(c)
    if (!versions.ok) return problem(c, versions.failure)
    const request = cartRequestOf(c.get('caller'), c.req.valid('param'), c.req.valid('header'))
    const update = toCartUpdate(c.req.valid('json'))
    const updated = await updateCart(c.get('deps'), { ...request, versions: versions.value, update })
    return updated.ok ? writtenCart(c, updated.value) : problem(c, updated.failure)
  })
}
