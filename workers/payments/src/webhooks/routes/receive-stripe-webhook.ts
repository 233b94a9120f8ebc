import { PUBLIC } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { z } from 'zod'
import type { PaymentsApp } from '../../deps.ts'
import { receiveStripeWebhook } from '../receive-stripe-webhook.ts'

export const WEBHOOK_PATH = '/api/webhooks/stripe'

const WebhookReceipt = z.strictObject({ received: z.literal(true) }).meta({ id: 'WebhookReceipt' })

const route = createRoute({
  method: 'post',
  path: WEBHOOK_PATH,
  operationId: 'receiveStripeWebhook',
  tags: ['Payments'],
  summary: 'For Stripe: deliver an event',
  description:
    'The raw body is checked against the signature. A repeated event changes nothing. Of an event that only names its ' +
    'object, or has another shape, the object is retrieved from Stripe; one that names none is kept for staff.',
  access: PUBLIC,
  request: {
    headers: z.object({
      'stripe-signature': z.string().max(2_000).optional().meta({ example: 't=1764000000,v1=5f2c…' }),
    }),
  },
  responses: {
    200: json('The event is stored', WebhookReceipt),
    ...problems(
      'invalid_signature',
      'malformed_json',
      'unsupported_media_type',
      'body_too_large',
      'request_timeout',
      'validation_failed',
    ),
  },
})

export function addReceiveStripeWebhook(app: PaymentsApp): void {
  app.openapi(route, async (c) => {
    const signature = c.req.valid('header')['stripe-signature'] ?? ''
    const received = await receiveStripeWebhook(c.get('deps'), { body: await c.req.text(), signature })
    return received.ok ? c.json({ received: true as const }, 200) : problem(c, received.failure)
  })
}
