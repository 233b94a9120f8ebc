import { ownerOr } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import type { OrdersApp } from '../../deps.ts'
import { getReturn } from '../get-return.ts'
import { RETURN_REQUEST, returnAccessOf } from './return-request.ts'
import { ReturnResponse, toReturnView } from './return-view.ts'

const route = createRoute({
  method: 'get',
  path: '/api/returns/{id}',
  operationId: 'getReturn',
  tags: ['Returns'],
  summary: 'Read a return of one of your orders',
  access: ownerOr(['orders:read', 'orders:return'], 'order_token'),
  request: RETURN_REQUEST,
  responses: { 200: json('The return', ReturnResponse), ...problems('return_not_found', 'validation_failed') },
})

export function addGetReturn(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const access = returnAccessOf(c.get('caller'), c.req.valid('param'), c.req.valid('header'))
    const found = await getReturn(c.get('deps'), access)
    if (!found.ok) return problem(c, found.failure)
    return c.json({ return: toReturnView(found.value.order, found.value.returned) }, 200)
  })
}
