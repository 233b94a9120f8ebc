import { scope } from '@shop/http/access'
import { versioned } from '@shop/http/conditional'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { KeyHeader, REPLAYED_HEADER } from '@shop/kernel/idempotency'
import { z } from 'zod'
import type { NotificationsApp } from '../../deps.ts'
import { createWebhookEndpoint } from '../create-webhook-endpoint.ts'
import { MOST_ENDPOINTS } from '../domain/endpoint.ts'
import { EndpointWithSecret, endpointFields, toSecretView } from './endpoint-view.ts'

const CreateEndpointBody = z
  .strictObject({ ...endpointFields, description: endpointFields.description.optional() })
  .meta({ id: 'CreateWebhookEndpointRequest' })

const route = createRoute({
  method: 'post',
  path: '/api/webhook-endpoints',
  operationId: 'createWebhookEndpoint',
  tags: ['Webhooks'],
  summary: 'Send events to a URL (staff)',
  description:
    'It gets the events that happen from now on, signed as Standard Webhooks says. `webhook_url_not_allowed` names the reason; ' +
    'a host is refused, too, when one of its addresses is not on the public internet. ' +
    `A shop has at most ${MOST_ENDPOINTS} endpoints.`,
  access: scope('webhooks:write'),
  request: { headers: z.object(KeyHeader), body: jsonBody(CreateEndpointBody) },
  responses: {
    201: json('The endpoint, with its secret', EndpointWithSecret),
    ...problems(
      ...BODY_PROBLEMS,
      ...(['webhook_url_not_allowed', 'too_many_webhook_endpoints'] as const),
      ...(['idempotency_key_reused', 'created_and_deleted'] as const),
    ),
  },
})

export function addCreateWebhookEndpoint(app: NotificationsApp): void {
  app.openapi(route, async (c) => {
    const { url, events, description = '' } = c.req.valid('json')
    const draft = { url, events, description }
    const key = c.req.valid('header')['idempotency-key']
    const result = await createWebhookEndpoint(c.get('deps'), c.get('caller'), draft, key)
    if (!result.ok) return problem(c, result.failure)
    const { value, replayed } = result.value
    versioned(c, value.endpoint.version)
    if (replayed) c.header(REPLAYED_HEADER, 'true')
    return c.json({ webhook_endpoint: toSecretView(value), message: 'Webhook endpoint created' }, 201)
  })
}
