import { PUBLIC } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { z } from 'zod'
import type { NotificationsApp } from '../../deps.ts'
import { receiveMailWebhook } from '../receive-mail-webhook.ts'

export const MAIL_WEBHOOK_PATH = '/api/webhooks/mail/resend'

const MailWebhookReceipt = z.strictObject({ received: z.literal(true) }).meta({ id: 'MailWebhookReceipt' })

const header = (example: string) => z.string().max(1_000).optional().meta({ example })

const route = createRoute({
  method: 'post',
  path: MAIL_WEBHOOK_PATH,
  operationId: 'receiveMailWebhook',
  tags: ['E-mail'],
  summary: 'For Resend: deliver an event',
  description:
    'The raw body is checked against the signature (Standard Webhooks). A permanent bounce or a complaint stops all mail to ' +
    'that address; other events, and repeated ones, change nothing.',
  access: PUBLIC,
  request: {
    headers: z.object({
      'svix-id': header('msg_2KWPBgLlAfxdpx2AI54pPJ85f4W'),
      'svix-timestamp': header('1764000000'),
      'svix-signature': header('v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4='),
    }),
  },
  responses: {
    200: json('The event is stored', MailWebhookReceipt),
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

export function addReceiveMailWebhook(app: NotificationsApp): void {
  app.openapi(route, async (c) => {
    const headers = c.req.valid('header')
    const received = await receiveMailWebhook(c.get('deps'), {
      id: headers['svix-id'] ?? '',
      timestamp: headers['svix-timestamp'] ?? '',
      signatures: headers['svix-signature'] ?? '',
      body: await c.req.text(),
    })
    return received.ok ? c.json({ received: true as const }, 200) : problem(c, received.failure)
  })
}
