import { WEBHOOK_DELIVERY_STATUSES } from '@shop/contracts/notifications/states'
import { opaqueId } from '@shop/kernel/ids'
import { Instant } from '@shop/kernel/text'
import { z } from 'zod'
import { EndpointParams } from '../../webhook-endpoints/routes/endpoint-view.ts'
import {
  MOST_PAST_ATTEMPTS,
  type PastAttempt,
  type WebhookDelivery,
  type WebhookDeliveryDetails,
} from '../domain/delivery.ts'
import { bodyOf } from '../domain/message.ts'

const MessageId = opaqueId('msg_01jd4k2v9rf0fv8z3x1m5q7w2e')
export const DeliveryParams = EndpointParams.extend({ delivery_id: MessageId })

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

const answer = {
  status: z.int().meta({ example: 204 }),
  body: z
    .string()
    .meta({ description: 'Its first 1,024 characters, with signatures, secrets and tokens redacted', example: '' }),
}

const members = {
  id: MessageId.meta({ description: 'The `webhook-id` header that the endpoint receives' }),
  type: z.string().meta({ example: 'order.paid' }),
  status: z.enum(WEBHOOK_DELIVERY_STATUSES).meta({
    description: '`delivered`: answered with 2xx; `failed`: given up after three days',
    example: 'delivered',
  }),
  attempts: z.int().meta({ example: 1 }),
  next_attempt_at: Instant.nullable().meta({ description: 'Null unless it is pending', example: null }),
  created_at: Instant,
  delivered_at: Instant.nullable(),
  request: z.strictObject({ body: WebhookBody }).meta({ description: 'The request body, without its signature' }),
  response: z.strictObject(answer).nullable().meta({ description: 'Of the last attempt; null without an answer' }),
  duration_ms: z.int().nullable().meta({ description: 'Of the last attempt', example: 85 }),
  failure: z
    .string()
    .nullable()
    .meta({ description: 'Why the last attempt failed, as a code; docs/webhooks.md lists them', example: null }),
}
export const DeliveryView = z.strictObject(members).meta({ id: 'WebhookDelivery' })

const AttemptView = z
  .strictObject({
    started_at: Instant,
    request: z
      .strictObject({
        url: z.string().meta({ example: 'https://hooks.example.com/shop' }),
        timestamp: z.int().meta({ description: 'The header `webhook-timestamp`', example: 1764547200 }),
      })
      .meta({
        description: 'The URL at the time, without the values of its query. The body is the same for all attempts',
      }),
    response: z
      .strictObject({
        ...answer,
        headers: z.record(z.string(), z.string()).meta({
          description: 'A few headers that identify the server or say when to retry. Cookies and others are not kept',
          example: { 'content-type': 'text/plain', 'retry-after': '120' },
        }),
      })
      .nullable()
      .meta({ description: 'Null without an answer' }),
    duration_ms: z.int().meta({ example: 85 }),
    failure: z.string().nullable().meta({ description: 'Why it failed, as a code', example: null }),
  })
  .meta({ id: 'WebhookAttempt' })

/** A delivery with its attempts. */
export const DeliveryDetailsView = z
  .strictObject({
    ...members,
    history: z
      .array(AttemptView)
      .max(MOST_PAST_ATTEMPTS)
      .meta({
        description: `The newest ${MOST_PAST_ATTEMPTS} attempts, oldest first, including those before a resend`,
      }),
  })
  .meta({ id: 'WebhookDeliveryDetails' })

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

export const toDetailsView = (delivery: WebhookDeliveryDetails): z.infer<typeof DeliveryDetailsView> => ({
  ...toDeliveryView(delivery),
  history: delivery.history.map(toAttemptView),
})

const toAttemptView = ({ startedAt, url, response, durationMs, failure }: PastAttempt) => ({
  started_at: startedAt.toISOString(),
  request: { url, timestamp: Math.floor(startedAt.getTime() / 1_000) },
  response: response ?? null,
  duration_ms: durationMs,
  failure: failure ?? null,
})
