import { scope } from '@shop/http/access'
import { versioned } from '@shop/http/conditional'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import type { NotificationsApp } from '../../deps.ts'
import { getWebhookEndpoint } from '../get-webhook-endpoint.ts'
import { EndpointParams, EndpointResponse, toEndpointView } from './endpoint-view.ts'

const route = createRoute({
  method: 'get',
  path: '/api/webhook-endpoints/{id}',
  operationId: 'getWebhookEndpoint',
  tags: ['Webhooks'],
  summary: 'Get a webhook endpoint (staff)',
  access: scope('webhooks:read'),
  request: { params: EndpointParams },
  responses: {
    200: json('The endpoint', EndpointResponse),
    ...problems('validation_failed', 'webhook_endpoint_not_found'),
  },
})

export function addGetWebhookEndpoint(app: NotificationsApp): void {
  app.openapi(route, async (c) => {
    const result = await getWebhookEndpoint(c.get('deps'), c.get('caller'), c.req.valid('param'))
    if (!result.ok) return problem(c, result.failure)
    versioned(c, result.value.version)
    return c.json({ webhook_endpoint: toEndpointView(result.value) }, 200)
  })
}
