import { WEBHOOK_ENDPOINT_STATUSES } from '@shop/contracts/notifications/states'
import { scope } from '@shop/http/access'
import { expectedVersions, versioned } from '@shop/http/conditional'
import { BODY_PROBLEMS, createRoute, json, mergePatchBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { IfMatchHeader } from '@shop/kernel/versions'
import { z } from 'zod'
import type { NotificationsApp } from '../../deps.ts'
import { updateWebhookEndpoint } from '../update-webhook-endpoint.ts'
import { EndpointParams, EndpointWithMessage, endpointFields, toEndpointView } from './endpoint-view.ts'

const UpdateEndpointBody = z
  .strictObject({
    url: endpointFields.url.optional(),
    events: endpointFields.events.optional(),
    description: endpointFields.description.nullish(),
    status: z.enum(WEBHOOK_ENDPOINT_STATUSES).optional(),
  })
  .meta({
    id: 'UpdateWebhookEndpointRequest',
    description:
      'A merge patch (RFC 7396): omitted fields stay as they are, a list is replaced as a whole, null empties the description',
  })

const route = createRoute({
  method: 'patch',
  path: '/api/webhook-endpoints/{id}',
  operationId: 'updateWebhookEndpoint',
  tags: ['Webhooks'],
  summary: 'Change, disable or enable a webhook endpoint (staff)',
  access: scope('webhooks:write'),
  request: {
    params: EndpointParams,
    headers: z.object({ 'if-match': IfMatchHeader }),
    body: mergePatchBody(UpdateEndpointBody),
  },
  responses: {
    200: json('The endpoint as it is now', EndpointWithMessage),
    ...problems(...BODY_PROBLEMS, 'webhook_endpoint_not_found', 'webhook_url_not_allowed', 'version_conflict'),
  },
})

export function addUpdateWebhookEndpoint(app: NotificationsApp): void {
  app.openapi(route, async (c) => {
    const { description, ...others } = c.req.valid('json')
    const versions = expectedVersions(c)
    if (!versions.ok) return problem(c, versions.failure)
    const changes = { ...others, description: description === null ? '' : description }
    const request = { ...c.req.valid('param'), changes, versions: versions.value }
    const result = await updateWebhookEndpoint(c.get('deps'), c.get('caller'), request)
    if (!result.ok) return problem(c, result.failure)
    versioned(c, result.value.version)
    return c.json({ webhook_endpoint: toEndpointView(result.value), message: 'Webhook endpoint updated' }, 200)
  })
}
