import { scope } from '@shop/http/access'
import { MessageResponse } from '@shop/http/message'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import type { NotificationsApp } from '../../deps.ts'
import { resendWebhookDelivery } from '../resend-webhook-delivery.ts'
import { DeliveryParams } from './delivery-view.ts'

const route = createRoute({
  method: 'post',
  path: '/api/webhook-endpoints/{id}/deliveries/{delivery_id}/resend',
  operationId: 'resendWebhookDelivery',
  tags: ['Webhooks'],
  summary: 'Send an event to a webhook endpoint again (staff)',
  description: 'Whatever came of it before. It has the same `webhook-id`, by which a receiver knows that it has it.',
  access: scope('webhooks:write'),
  request: { params: DeliveryParams },
  responses: {
    200: json('It is being sent', MessageResponse),
    ...problems(
      ...(['validation_failed', 'webhook_endpoint_not_found'] as const),
      ...(['webhook_delivery_not_found', 'webhook_endpoint_disabled'] as const),
    ),
  },
})

export function addResendWebhookDelivery(app: NotificationsApp): void {
  app.openapi(route, async (c) => {
    const { id, delivery_id: messageId } = c.req.valid('param')
    const result = await resendWebhookDelivery(c.get('deps'), c.get('caller'), { id, messageId })
    return result.ok ? c.json({ message: 'The event is being sent again' }, 200) : problem(c, result.failure)
  })
}
