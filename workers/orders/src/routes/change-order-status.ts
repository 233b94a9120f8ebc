import { ChangeStatusBody, OrderWithMessage } from '@shop/contracts'
import { BEARER_OR_ORDER_TOKEN, BODY_PROBLEMS, createRoute, json, jsonBody, problem, problems } from '@shop/http'
import { changeOrderStatus } from '../operations/change-order-status.ts'
import { toOrderView } from '../view.ts'
import { accessOf, ORDER_REQUEST } from './order-access.ts'
import type { OrdersApp } from './orders-app.ts'

const route = createRoute({
  method: 'patch',
  path: '/api/orders/{id}/status',
  operationId: 'changeOrderStatus',
  tags: ['Orders'],
  summary: 'Cancel an order, or ship and deliver it',
  description:
    'Staff move `processing` → `shipped` → `delivered`, and cancel an order until it is shipped, which gives its money ' +
    'back. Whoever placed it (a guest with its `X-Order-Token`) cancels it while it is `pending`. `pending` → ' +
    '`processing` happens by payment alone. Taking the same step twice answers the same.',
  security: BEARER_OR_ORDER_TOKEN,
  request: { ...ORDER_REQUEST, body: jsonBody(ChangeStatusBody) },
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
    const access = accessOf(c.get('caller'), c.req.valid('param'), c.req.valid('header'))
    const changed = await changeOrderStatus(c.get('deps'), access, c.req.valid('json').status)
    if (!changed.ok) return problem(c, changed.failure)
    return c.json({ order: toOrderView(changed.value), message: `Order ${changed.value.status}` }, 200)
  })
}
