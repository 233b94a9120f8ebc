import { scope } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import type { OrdersApp } from '../../deps.ts'
import { closeReturn } from '../close-return.ts'
import { ReturnParams } from './return-request.ts'
import { ReturnResponse, toReturnView } from './return-view.ts'

const route = createRoute({
  method: 'post',
  path: '/api/returns/{id}/close',
  operationId: 'closeReturn',
  tags: ['Returns'],
  summary: 'Close a return (staff)',
  description:
    'No more units are expected. Units that were not received can be returned again; received units can still be refunded. ' +
    'Repeating the call changes nothing.',
  access: scope('orders:return'),
  request: { params: ReturnParams },
  responses: {
    200: json('The closed return', ReturnResponse),
    ...problems('validation_failed', 'return_not_found', 'return_status_conflict', 'order_not_found', 'order_changed'),
  },
})

export function addCloseReturn(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const result = await closeReturn(c.get('deps'), c.get('caller'), c.req.valid('param').id)
    if (!result.ok) return problem(c, result.failure)
    return c.json({ return: toReturnView(result.value.order, result.value.returned) }, 200)
  })
}
