import { WEBHOOK_DELIVERY_STATUSES } from '@shop/contracts/notifications/states'
import { scope } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { CursorParam, LimitParam, NextCursor } from '@shop/kernel/pagination'
import { z } from 'zod'
import type { NotificationsApp } from '../../deps.ts'
import { EndpointParams } from '../../webhook-endpoints/routes/endpoint-view.ts'
import { listWebhookDeliveries } from '../list-webhook-deliveries.ts'
import { DeliveryView, toDeliveryView } from './delivery-view.ts'

const DeliveryPage = z
  .strictObject({ deliveries: z.array(DeliveryView), next_cursor: NextCursor })
  .meta({ id: 'WebhookDeliveryPage' })

const route = createRoute({
  method: 'get',
  path: '/api/webhook-endpoints/{id}/deliveries',
  operationId: 'listWebhookDeliveries',
  tags: ['Webhooks'],
  summary: 'List what was sent to a webhook endpoint, and how it answered (staff)',
  description: 'Kept for 30 days.',
  access: scope('webhooks:read'),
  request: {
    params: EndpointParams,
    query: z.object({ status: z.enum(WEBHOOK_DELIVERY_STATUSES).optional(), limit: LimitParam, cursor: CursorParam }),
  },
  responses: {
    200: json('A page, newest first', DeliveryPage),
    ...problems('validation_failed', 'webhook_endpoint_not_found', 'invalid_cursor'),
  },
})

export function addListWebhookDeliveries(app: NotificationsApp): void {
  app.openapi(route, async (c) => {
    const request = { ...c.req.valid('param'), ...c.req.valid('query') }
    const page = await listWebhookDeliveries(c.get('deps'), c.get('caller'), request)
    if (!page.ok) return problem(c, page.failure)
    const { items, nextCursor } = page.value
    return c.json({ deliveries: items.map(toDeliveryView), next_cursor: nextCursor }, 200)
  })
}
