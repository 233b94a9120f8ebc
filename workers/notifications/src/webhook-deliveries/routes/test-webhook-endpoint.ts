import { scope } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { KeyHeader, REPLAYED_HEADER } from '@shop/kernel/idempotency'
import { z } from 'zod'
import type { NotificationsApp } from '../../deps.ts'
import { EndpointParams } from '../../webhook-endpoints/routes/endpoint-view.ts'
import { testWebhookEndpoint } from '../test-webhook-endpoint.ts'
import { DeliveryView, toDeliveryView } from './delivery-view.ts'

const DeliveryWithMessage = z
  .strictObject({ delivery: DeliveryView, message: z.string().meta({ example: 'A test is being sent' }) })
  .meta({ id: 'WebhookDeliveryWithMessage' })

const route = createRoute({
  method: 'post',
  path: '/api/webhook-endpoints/{id}/test',
  operationId: 'testWebhookEndpoint',
  tags: ['Webhooks'],
  summary: 'Send an event `webhook.test` to a webhook endpoint (staff)',
  description: 'Sent whatever events the endpoint takes. How it answers shows in its list of deliveries.',
  access: scope('webhooks:write'),
  request: { params: EndpointParams, headers: z.object(KeyHeader) },
  responses: {
    201: json('The delivery, which is to be made', DeliveryWithMessage),
    ...problems(
      ...(['validation_failed', 'webhook_endpoint_not_found', 'webhook_endpoint_disabled'] as const),
      ...(['idempotency_key_reused', 'created_and_deleted'] as const),
    ),
  },
})

export function addTestWebhookEndpoint(app: NotificationsApp): void {
  app.openapi(route, async (c) => {
    const key = c.req.valid('header')['idempotency-key']
    const result = await testWebhookEndpoint(c.get('deps'), c.get('caller'), c.req.valid('param'), key)
    if (!result.ok) return problem(c, result.failure)
    const { value, replayed } = result.value
    if (replayed) c.header(REPLAYED_HEADER, 'true')
    return c.json({ delivery: toDeliveryView(value), message: 'A test is being sent' }, 201)
  })
}
