import { scope } from '@shop/http/access'
import { expectedVersions, versioned } from '@shop/http/conditional'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { KeyHeader, REPLAYED_HEADER } from '@shop/kernel/idempotency'
import { IfMatchHeader } from '@shop/kernel/versions'
import { z } from 'zod'
import type { NotificationsApp } from '../../deps.ts'
import { rotateWebhookSecret } from '../rotate-webhook-secret.ts'
import { EndpointParams, EndpointWithSecret, toSecretView } from './endpoint-view.ts'

const route = createRoute({
  method: 'post',
  path: '/api/webhook-endpoints/{id}/rotate',
  operationId: 'rotateWebhookSecret',
  tags: ['Webhooks'],
  summary: 'Give a webhook endpoint a new secret (staff)',
  description: 'For 24 hours webhooks have two signatures: by the new secret, and by the one before.',
  access: scope('webhooks:write'),
  request: { params: EndpointParams, headers: z.object({ ...KeyHeader, 'if-match': IfMatchHeader }) },
  responses: {
    200: json('The endpoint, with its new secret', EndpointWithSecret),
    ...problems(
      ...(['validation_failed', 'webhook_endpoint_not_found', 'version_conflict'] as const),
      ...(['idempotency_key_reused', 'created_and_deleted'] as const),
    ),
  },
})

export function addRotateWebhookSecret(app: NotificationsApp): void {
  app.openapi(route, async (c) => {
    const versions = expectedVersions(c)
    if (!versions.ok) return problem(c, versions.failure)
    const idempotencyKey = c.req.valid('header')['idempotency-key']
    const request = { ...c.req.valid('param'), versions: versions.value, idempotencyKey }
    const result = await rotateWebhookSecret(c.get('deps'), c.get('caller'), request)
    if (!result.ok) return problem(c, result.failure)
    const { value, replayed } = result.value
    versioned(c, value.endpoint.version)
    if (replayed) c.header(REPLAYED_HEADER, 'true')
    return c.json({ webhook_endpoint: toSecretView(value), message: 'Secret rotated' }, 200)
  })
}
