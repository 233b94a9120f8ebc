import { ChangeStatusBody, ORDER_ID_EXAMPLE, OrderWithMessage, opaqueId } from '@shop/contracts'
import { BEARER, BODY_PROBLEMS, createRoute, json, jsonBody, problem, problems } from '@shop/http'
import { z } from 'zod'
import { changeOrderStatus } from '../operations/change-order-status.ts'
import { toOrderView } from '../view.ts'
import type { OrdersApp } from './orders-app.ts'

const route = createRoute({
  method: 'patch',
  path: '/api/orders/{id}/status',
  operationId: 'changeOrderStatus',
  tags: ['Orders'],
  summary: 'Cancel an order, or ship and deliver it',
  description:
    'Staff move `processing` → `shipped` → `delivered`; the owner or staff cancel a `pending` order. ' +
    '`pending` → `processing` happens by payment alone. Taking the same step twice answers the same.',
  security: BEARER,
  request: { params: z.object({ id: opaqueId(ORDER_ID_EXAMPLE) }), body: jsonBody(ChangeStatusBody) },
  responses: {
    200: json('The order after the step', OrderWithMessage),
    ...problems(
      ...BODY_PROBLEMS,
      'authentication_required',
      'forbidden',
      'order_not_found',
      'order_status_conflict',
      'order_changed',
    ),
  },
})

export function addChangeOrderStatus(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const changed = await changeOrderStatus(c.get('deps'), c.get('caller'), {
      orderId: c.req.valid('param').id,
      status: c.req.valid('json').status,
    })
    if (!changed.ok) return problem(c, changed.failure)
    return c.json({ order: toOrderView(changed.value), message: `Order ${changed.value.status}` }, 200)
  })
}
