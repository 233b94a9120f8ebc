import { WebhookReceipt } from '@shop/contracts'
import { createRoute, json, problem, problems } from '@shop/http'
import { z } from 'zod'
import { handleWebhook } from '../operations/handle-webhook.ts'
import { type PaymentsApp, WEBHOOK_PATH } from './payments-app.ts'

const route = createRoute({
  method: 'post',
  path: WEBHOOK_PATH,
  operationId: 'receiveStripeWebhook',
  tags: ['Payments'],
  summary: 'For Stripe: deliver an event',
  description: 'The raw body is checked against the signature. An event that comes again changes nothing.',
  request: {
    headers: z.object({
      'stripe-signature': z.string().max(2_000).optional().meta({ example: 't=1764000000,v1=5f2c…' }),
    }),
  },
  responses: {
    200: json('The event is kept', WebhookReceipt),
    ...problems('invalid_signature', 'body_too_large', 'validation_failed'),
  },
})

export function addReceiveStripeWebhook(app: PaymentsApp): void {
  app.openapi(route, async (c) => {
    const signature = c.req.valid('header')['stripe-signature'] ?? ''
    const handled = await handleWebhook(c.get('deps'), { body: await c.req.text(), signature })
    return handled.ok ? c.json({ received: true as const }, 200) : problem(c, handled.failure)
  })
}
