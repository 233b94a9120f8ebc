import { ownerOr } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import type { OrdersApp } from '../../deps.ts'
import { cancelReturn } from '../cancel-return.ts'
import { RETURN_REQUEST, returnAccessOf } from './return-request.ts'
import { ReturnResponse, toReturnView } from './return-view.ts'

const route = createRoute({
  method: 'post',
  path: '/api/returns/{id}/cancel',
  operationId: 'cancelReturn',
  tags: ['Returns'],
  summary: 'Cancel a requested return',
  description:
    'Possible until staff approve or refuse it. Its units can be returned again. Repeating the call changes nothing.',
  access: ownerOr(['orders:return'], 'order_token'),
  request: RETURN_REQUEST,
  responses: {
    200: json('The cancelled return', ReturnResponse),
    ...problems(
      'validation_failed',
      'return_not_found',
      'return_status_conflict',
      'order_not_found',
      'order_changed',
      'forbidden',
    ),
  },
})

export function addCancelReturn(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const access = returnAccessOf(c.get('caller'), c.req.valid('param'), c.req.valid('header'))
    const result = await cancelReturn(c.get('deps'), access)
    if (!result.ok) return problem(c, result.failure)
    return c.json({ return: toReturnView(result.value.order, result.value.returned) }, 200)
  })
}
