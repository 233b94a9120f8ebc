import { scope } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { CursorParam, LimitParam, NextCursor } from '@shop/kernel/pagination'
import { z } from 'zod'
import type { NotificationsApp } from '../../deps.ts'
import { listWebhookEndpoints } from '../list-webhook-endpoints.ts'
import { EndpointView, toEndpointView } from './endpoint-view.ts'

const EndpointPage = z
  .strictObject({ webhook_endpoints: z.array(EndpointView), next_cursor: NextCursor })
  .meta({ id: 'WebhookEndpointPage' })

const route = createRoute({
  method: 'get',
  path: '/api/webhook-endpoints',
  operationId: 'listWebhookEndpoints',
  tags: ['Webhooks'],
  summary: 'List the webhook endpoints, oldest first (staff)',
  access: scope('webhooks:read'),
  request: { query: z.object({ limit: LimitParam, cursor: CursorParam }) },
  responses: {
    200: json('A page of endpoints', EndpointPage),
    ...problems('validation_failed', 'invalid_cursor'),
  },
})

export function addListWebhookEndpoints(app: NotificationsApp): void {
  app.openapi(route, async (c) => {
    const page = await listWebhookEndpoints(c.get('deps'), c.get('caller'), c.req.valid('query'))
    if (!page.ok) return problem(c, page.failure)
    const { items, nextCursor } = page.value
    return c.json({ webhook_endpoints: items.map(toEndpointView), next_cursor: nextCursor }, 200)
  })
}
