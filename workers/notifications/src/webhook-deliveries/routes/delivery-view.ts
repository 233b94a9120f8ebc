import { WEBHOOK_DELIVERY_STATUSES } from '@shop/contracts/notifications/states'
import { opaqueId } from '@shop/kernel/ids'
import { Instant } from '@shop/kernel/text'
import { z } from 'zod'
import type { WebhookDelivery } from '../domain/delivery.ts'
import { bodyOf } from '../domain/message.ts'

export const MessageId = opaqueId('msg_01jd4k2v9rf0fv8z3x1m5q7w2e')

const WebhookBody = z
  .strictObject({
    type: z.string().meta({ example: 'order.paid' }),
    timestamp: Instant.meta({ description: 'When it happened' }),
    id: MessageId,
    sequence: z.int().meta({ description: 'The version of what the key names after the change', example: 2 }),
    key: z.string().optional().meta({ example: 'order_01jd4k2v9rf0fv8z3x1m5q7w2e' }),
    data: z.record(z.string(), z.unknown()).meta({ description: 'Ids, states, and amounts in major units' }),
  })
  .meta({ id: 'WebhookBody' })

export const DeliveryView = z
  .strictObject({
    id: MessageId.meta({ description: 'The `webhook-id` that the endpoint sees' }),
    type: z.string().meta({ example: 'order.paid' }),
    status: z.enum(WEBHOOK_DELIVERY_STATUSES).meta({
      description: '`delivered`: answered with 2xx; `failed`: given up after three days',
      example: 'delivered',
    }),
    attempts: z.int().meta({ example: 1 }),
    next_attempt_at: Instant.nullable().meta({ description: 'While it is pending', example: null }),
    created_at: Instant,
    delivered_at: Instant.nullable(),
    request: z.strictObject({ body: WebhookBody }).meta({ description: 'What is sent, but for its signature' }),
    response: z
      .strictObject({
        status: z.int().meta({ example: 204 }),
        body: z.string().meta({ description: 'Its first 2,000 characters', example: '' }),
      })
      .nullable()
      .meta({ description: 'Of the last attempt; null without an answer' }),
    duration_ms: z.int().nullable().meta({ description: 'Of the last attempt', example: 85 }),
    failure: z
      .string()
      .nullable()
      .meta({ description: 'Why the last attempt failed, as a code; docs/webhooks.md lists them', example: null }),
  })
  .meta({ id: 'WebhookDelivery' })

export function toDeliveryView(delivery: WebhookDelivery): z.infer<typeof DeliveryView> {
  const { message, status, attempts, response } = delivery
  return {
    ...{ id: message.id, type: message.type, status, attempts },
    next_attempt_at: delivery.nextAttemptAt?.toISOString() ?? null,
    created_at: delivery.createdAt.toISOString(),
    delivered_at: delivery.deliveredAt?.toISOString() ?? null,
    request: { body: bodyOf(message) },
    response: response === undefined ? null : { status: response.status, body: response.body },
    duration_ms: delivery.durationMs ?? null,
    failure: delivery.failure ?? null,
  }
}
