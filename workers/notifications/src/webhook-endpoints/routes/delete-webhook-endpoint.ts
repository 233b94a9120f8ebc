import { scope } from '@shop/http/access'
import { expectedVersions } from '@shop/http/conditional'
import { MessageResponse } from '@shop/http/message'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { IfMatchHeader } from '@shop/kernel/versions'
import { z } from 'zod'
import type { NotificationsApp } from '../../deps.ts'
import { deleteWebhookEndpoint } from '../delete-webhook-endpoint.ts'
import { EndpointParams } from './endpoint-view.ts'

const route = createRoute({
  method: 'delete',
  path: '/api/webhook-endpoints/{id}',
  operationId: 'deleteWebhookEndpoint',
  tags: ['Webhooks'],
  summary: 'Delete a webhook endpoint with its deliveries (staff)',
  access: scope('webhooks:write'),
  request: { params: EndpointParams, headers: z.object({ 'if-match': IfMatchHeader }) },
  responses: {
    200: json('The endpoint was deleted', MessageResponse),
    ...problems('validation_failed', 'webhook_endpoint_not_found', 'version_conflict'),
  },
})

export function addDeleteWebhookEndpoint(app: NotificationsApp): void {
  app.openapi(route, async (c) => {
    const versions = expectedVersions(c)
    if (!versions.ok) return problem(c, versions.failure)
    const request = { ...c.req.valid('param'), versions: versions.value }
    const result = await deleteWebhookEndpoint(c.get('deps'), c.get('caller'), request)
    return result.ok ? c.json({ message: 'Webhook endpoint deleted' }, 200) : problem(c, result.failure)
  })
}
