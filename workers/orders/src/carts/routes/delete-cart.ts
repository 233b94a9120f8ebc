import { ownerOr } from '@shop/http/access'
import { expectedVersions } from '@shop/http/conditional'
import { MessageResponse } from '@shop/http/message'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import type { OrdersApp } from '../../deps.ts'
import { deleteCart } from '../delete-cart.ts'
import { CartParams, CartWriteHeaders, cartRequestOf } from './cart-request.ts'

const route = createRoute({
  method: 'delete',
  path: '/api/carts/{id}',
  operationId: 'deleteCart',
  tags: ['Carts'],
  summary: 'Delete a cart',
  description:
    'Everything in it is gone; an order that was made of it stays. Refused while an order is being made of it.',
  access: ownerOr([], 'cart_token'),
  request: { params: CartParams, headers: CartWriteHeaders },
  responses: {
    200: json('The cart was deleted', MessageResponse),
    ...problems('validation_failed', 'cart_not_found', 'cart_completing', 'version_conflict'),
  },
})

export function addDeleteCart(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const versions = expectedVersions(c)
    if (!versions.ok) return problem(c, versions.failure)
    const request = cartRequestOf(c.get('caller'), c.req.valid('param'), c.req.valid('header'))
    const deleted = await deleteCart(c.get('deps'), { ...request, versions: versions.value })
    return deleted.ok ? c.json({ message: 'Cart deleted' }, 200) : problem(c, deleted.failure)
  })
}
