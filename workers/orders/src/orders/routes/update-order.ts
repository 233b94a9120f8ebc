import { ORDER_ID_EXAMPLE } from '@shop/contracts/orders/access'
import { scope } from '@shop/http/access'
import { expectedVersions, versioned } from '@shop/http/conditional'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { opaqueId } from '@shop/kernel/ids'
import { MetadataPatch } from '@shop/kernel/metadata'
import { IfMatchHeader } from '@shop/kernel/versions'
import { z } from 'zod'
import type { OrdersApp } from '../../deps.ts'
import { updateOrder } from '../update-order.ts'
import { OrderWithMessage, toOrderView } from './order-view.ts'

const UpdateOrderBody = z
  .strictObject({ metadata: MetadataPatch.optional() })
  .meta({ id: 'UpdateOrderRequest', description: 'A merge patch (RFC 7396): omitted fields stay as they are' })

const route = createRoute({
  method: 'patch',
  path: '/api/orders/{id}',
  operationId: 'updateOrder',
  tags: ['Orders'],
  summary: 'Change the metadata of an order (staff)',
  description: 'Its status changes at `/api/orders/{id}/status`.',
  access: scope('orders:write'),
  request: {
    params: z.object({ id: opaqueId(ORDER_ID_EXAMPLE) }),
    headers: z.object({ 'if-match': IfMatchHeader }),
    body: jsonBody(UpdateOrderBody),
  },
  responses: {
    200: json('The order after the change', OrderWithMessage),
    ...problems(
      ...BODY_PROBLEMS,
      ...(['order_not_found', 'version_conflict', 'metadata_too_large', 'order_changed', 'order_erased'] as const),
    ),
  },
})

export function addUpdateOrder(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const caller = c.get('caller')
    const versions = expectedVersions(c)
    if (!versions.ok) return problem(c, versions.failure)
    const request = { orderId: c.req.valid('param').id, ...c.req.valid('json'), versions: versions.value }
    const updated = await updateOrder(c.get('deps'), caller, request)
    if (!updated.ok) return problem(c, updated.failure)
    versioned(c, updated.value.version)
    return c.json({ order: toOrderView(updated.value, caller), message: 'Order updated' }, 200)
  })
}
