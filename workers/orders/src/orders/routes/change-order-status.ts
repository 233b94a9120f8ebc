import { ORDER_STATUSES } from '@shop/contracts/orders/states'
import { ownerOr } from '@shop/http/access'
import { expectedVersions, versioned } from '@shop/http/conditional'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { IfMatchHeader } from '@shop/kernel/versions'
import { z } from 'zod'
import { accessOf, ORDER_REQUEST } from '../../access/routes/order-request.ts'
import type { OrdersApp } from '../../deps.ts'
import { changeOrderStatus } from '../change-order-status.ts'
import type { Order } from '../domain/order.ts'
import { REFUND_NOTES, refundStatusOf } from '../domain/refund-status.ts'
import { OrderWithMessage, toOrderView } from './order-view.ts'

const ChangeStatusBody = z
  .strictObject({ status: z.enum(ORDER_STATUSES).meta({ example: 'cancelled' }) })
  .meta({ id: 'ChangeOrderStatusRequest' })

const route = createRoute({
  method: 'patch',
  path: '/api/orders/{id}/status',
  operationId: 'changeOrderStatus',
  tags: ['Orders'],
  summary: 'Cancel an order, or ship and deliver it',
  description:
    'Staff move `processing` → `shipped` → `delivered`, and cancel an order until it is shipped, which refunds its money ' +
    "unless the customer's bank holds it because of a dispute: see `refund_status`. " +
    'The buyer (a guest with their `X-Order-Token`) cancels it while it is `pending`. `pending` → `processing` happens ' +
    'only by payment. An order that was refunded in full, or whose disputes the shop lost, does not ship. Repeating a change ' +
    'returns the same order.',
  access: ownerOr(['orders:fulfill', 'orders:cancel'], 'order_token'),
  request: {
    params: ORDER_REQUEST.params,
    headers: ORDER_REQUEST.headers.extend({ 'if-match': IfMatchHeader }),
    body: jsonBody(ChangeStatusBody),
  },
  responses: {
    200: json('The order after the change', OrderWithMessage),
    ...problems(
      ...BODY_PROBLEMS,
      'forbidden',
      'order_not_found',
      'version_conflict',
      'order_status_conflict',
      'order_refunded',
      'payment_due',
      'order_changed',
    ),
  },
})

export function addChangeOrderStatus(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const access = accessOf(c.get('caller'), c.req.valid('param'), c.req.valid('header'))
    const versions = expectedVersions(c)
    if (!versions.ok) return problem(c, versions.failure)
    const changed = await changeOrderStatus(c.get('deps'), access, c.req.valid('json').status, versions.value)
    if (!changed.ok) return problem(c, changed.failure)
    versioned(c, changed.value.version)
    return c.json({ order: toOrderView(changed.value, c.get('caller')), message: messageOf(changed.value) }, 200)
  })
}

function messageOf(order: Order): string {
  const refund = refundStatusOf(order)
  const note = refund === null || refund === 'in_progress' ? '' : `. ${REFUND_NOTES[refund]}`
  return `Order ${order.status}${note}`
}
