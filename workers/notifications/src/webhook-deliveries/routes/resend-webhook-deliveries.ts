import { scope } from '@shop/http/access'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { CursorParam } from '@shop/kernel/pagination'
import { InstantField } from '@shop/kernel/text'
import { z } from 'zod'
import type { NotificationsApp } from '../../deps.ts'
import { EndpointParams } from '../../webhook-endpoints/routes/endpoint-view.ts'
import { resendWebhookDeliveries } from '../resend-webhook-deliveries.ts'

const ResendBody = z
  .strictObject({
    from: InstantField.meta({ description: 'The first instant', example: '2026-11-23T10:00:00Z' }),
    to: InstantField.meta({ description: 'The instant after the last', example: '2026-11-23T11:00:00Z' }),
    after: CursorParam.meta({ description: '`next_after` of the call before' }),
  })
  .refine(({ from, to }) => from < to, { path: ['to'], message: 'must be after from' })
  .meta({ id: 'ResendWebhooksRequest' })

const ResentWebhooks = z
  .strictObject({
    resent: z.int().meta({ description: 'Events that are being sent', example: 12 }),
    next_after: z
      .string()
      .nullable()
      .meta({ description: 'Pass as `after` for the rest; null when all are being sent', example: null }),
  })
  .meta({ id: 'ResentWebhooks' })

const route = createRoute({
  method: 'post',
  path: '/api/webhook-endpoints/{id}/resend',
  operationId: 'resendWebhookDeliveries',
  tags: ['Webhooks'],
  summary: 'Send the events of a time range to a webhook endpoint again (staff)',
  description:
    'Those that the endpoint takes now, of the last 30 days, also those that it never got. At most 1,000 a call, oldest first; ' +
    'call again with `next_after` for the rest. An event that no endpoint took when it happened is not kept.',
  access: scope('webhooks:write'),
  request: { params: EndpointParams, body: jsonBody(ResendBody) },
  responses: {
    200: json('How many', ResentWebhooks),
    ...problems(...BODY_PROBLEMS, 'webhook_endpoint_not_found', 'webhook_endpoint_disabled', 'invalid_cursor'),
  },
})

export function addResendWebhookDeliveries(app: NotificationsApp): void {
  app.openapi(route, async (c) => {
    const request = { ...c.req.valid('param'), ...c.req.valid('json') }
    const result = await resendWebhookDeliveries(c.get('deps'), c.get('caller'), request)
    if (!result.ok) return problem(c, result.failure)
    return c.json({ resent: result.value.resent, next_after: result.value.nextAfter }, 200)
  })
}
