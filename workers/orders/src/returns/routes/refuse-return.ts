import { scope } from '@shop/http/access'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { text } from '@shop/kernel/text'
import { z } from 'zod'
import type { OrdersApp } from '../../deps.ts'
import { refuseReturn } from '../refuse-return.ts'
import { ReturnParams } from './return-request.ts'
import { ReturnResponse, toReturnView } from './return-view.ts'

const RefuseReturnBody = z
  .strictObject({
    reason: text(1, 2_000).meta({ description: 'The customer can read it', example: 'It was worn' }),
  })
  .meta({ id: 'RefuseReturnRequest' })

const route = createRoute({
  method: 'post',
  path: '/api/returns/{id}/refuse',
  operationId: 'refuseReturn',
  tags: ['Returns'],
  summary: 'Refuse a requested return (staff)',
  description: 'Its units can be returned again. Repeating the call changes nothing: the first reason stays.',
  access: scope('orders:return'),
  request: { params: ReturnParams, body: jsonBody(RefuseReturnBody) },
  responses: {
    200: json('The refused return', ReturnResponse),
    ...problems(...BODY_PROBLEMS, 'return_not_found', 'return_status_conflict', 'order_not_found', 'order_changed'),
  },
})

export function addRefuseReturn(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const { reason } = c.req.valid('json')
    const result = await refuseReturn(c.get('deps'), c.get('caller'), c.req.valid('param').id, reason)
    if (!result.ok) return problem(c, result.failure)
    return c.json({ return: toReturnView(result.value.order, result.value.returned) }, 200)
  })
}
