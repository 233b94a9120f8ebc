import { scope } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { z } from 'zod'
import type { NotificationsApp } from '../../deps.ts'
import { getWebhookDelivery } from '../get-webhook-delivery.ts'
import { DeliveryDetailsView, DeliveryParams, toDetailsView } from './delivery-view.ts'

const DeliveryResponse = z.strictObject({ delivery: DeliveryDetailsView }).meta({ id: 'WebhookDeliveryResponse' })

const route = createRoute({
  method: 'get',
  path: '/api/webhook-endpoints/{id}/deliveries/{delivery_id}',
  operationId: 'getWebhookDelivery',
  tags: ['Webhooks'],
  summary: 'Show an event that was sent to a webhook endpoint, with each attempt and its answer (staff)',
  access: scope('webhooks:read'),
  request: { params: DeliveryParams },
  responses: {
    200: json('The delivery', DeliveryResponse),
    ...problems('validation_failed', 'webhook_endpoint_not_found', 'webhook_delivery_not_found'),
  },
})

export function addGetWebhookDelivery(app: NotificationsApp): void {
  app.openapi(route, async (c) => {
    const { id, delivery_id: messageId } = c.req.valid('param')
    const result = await getWebhookDelivery(c.get('deps'), c.get('caller'), { id, messageId })
    return result.ok ? c.json({ delivery: toDetailsView(result.value) }, 200) : problem(c, result.failure)
  })
}
