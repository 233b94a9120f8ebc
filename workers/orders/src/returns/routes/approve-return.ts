import { scope } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import type { OrdersApp } from '../../deps.ts'
import { approveReturn } from '../approve-return.ts'
import { ReturnParams } from './return-request.ts'
import { ReturnResponse, toReturnView } from './return-view.ts'

const route = createRoute({
  method: 'post',
  path: '/api/returns/{id}/approve',
  operationId: 'approveReturn',
  tags: ['Returns'],
  summary: 'Approve a requested return (staff)',
  description: 'The customer can now send the items back. Repeating the call changes nothing.',
  access: scope('orders:return'),
  request: { params: ReturnParams },
  responses: {
    200: json('The approved return', ReturnResponse),
    ...problems('validation_failed', 'return_not_found', 'return_status_conflict', 'order_not_found', 'order_changed'),
  },
})

export function addApproveReturn(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const result = await approveReturn(c.get('deps'), c.get('caller'), c.req.valid('param').id)
    if (!result.ok) return problem(c, result.failure)
    return c.json({ return: toReturnView(result.value.order, result.value.returned) }, 200)
  })
}
