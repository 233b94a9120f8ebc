import { PUBLIC_EVENTS } from '@shop/contracts/events/catalogue'
import { WEBHOOK_DISABLED_REASONS, WEBHOOK_ENDPOINT_STATUSES } from '@shop/contracts/notifications/states'
import { opaqueId } from '@shop/kernel/ids'
import { Instant, line } from '@shop/kernel/text'
import { z } from 'zod'
import type { WithSecret } from '../create-webhook-endpoint.ts'
import { ALL_EVENTS, type WebhookEndpoint } from '../domain/endpoint.ts'
import { MAX_URL_LENGTH } from '../domain/webhook-url.ts'

const EndpointId = opaqueId('whep_01jd4k2v9rf0fv8z3x1m5q7w2e')
export const EndpointParams = z.object({ id: EndpointId })

const EXAMPLE_EVENTS = ['order.paid', 'order.shipped'] as const

/** What staff send. */
export const endpointFields = {
  url: z.string().min(1).max(MAX_URL_LENGTH).meta({
    description: 'HTTPS, on port 443 or 8443, at a host on the public internet',
    example: 'https://hooks.example.com/shop',
  }),
  events: z
    .array(z.enum([ALL_EVENTS, ...PUBLIC_EVENTS]))
    .min(1)
    .max(200)
    .meta({ description: 'Types of events; `*` for all, also those of later versions', example: [...EXAMPLE_EVENTS] }),
  description: line(200).meta({ example: 'Warehouse' }),
}

const members = {
  id: EndpointId,
  url: z.string().meta({ example: 'https://hooks.example.com/shop' }),
  events: z.array(z.string()).meta({ example: [...EXAMPLE_EVENTS] }),
  description: z.string().meta({ example: 'Warehouse' }),
  status: z.enum(WEBHOOK_ENDPOINT_STATUSES).meta({
    description: 'Nothing is sent to a disabled one; what waits for it is sent once it is enabled',
    example: 'enabled',
  }),
  disabled_reason: z
    .enum(WEBHOOK_DISABLED_REASONS)
    .nullable()
    .meta({ description: '`failing`: every delivery had failed for three days', example: null }),
  failing_since: Instant.nullable().meta({
    description: 'The first failure since the last delivery that succeeded',
    example: null,
  }),
  former_secret_until: Instant.nullable().meta({
    description: 'Until then the secret before the last rotation signs too',
    example: null,
  }),
  created_at: Instant,
  updated_at: Instant,
  version: z.int().meta({ description: 'Counts its changes', example: 1 }),
}

export const EndpointView = z.strictObject(members).meta({ id: 'WebhookEndpoint' })
export const EndpointResponse = z
  .strictObject({ webhook_endpoint: EndpointView })
  .meta({ id: 'WebhookEndpointResponse' })

const message = z.string().meta({ example: 'Webhook endpoint updated' })
/** The answer to a write. */
export const EndpointWithMessage = z
  .strictObject({ webhook_endpoint: EndpointView, message })
  .meta({ id: 'WebhookEndpointWithMessage' })

const secret = z.string().meta({
  description: 'Verifies webhooks; shown only here',
  example: 'whsec_…',
})
/** The answer to what makes a secret. */
export const EndpointWithSecret = z
  .strictObject({ webhook_endpoint: z.strictObject({ ...members, secret }), message })
  .meta({ id: 'WebhookEndpointWithSecret' })

export function toEndpointView(endpoint: WebhookEndpoint): z.infer<typeof EndpointView> {
  const { id, url, events, description, status, version } = endpoint
  return {
    ...{ id, url, events: [...events], description, status },
    disabled_reason: endpoint.disabledReason ?? null,
    failing_since: endpoint.failingSince?.toISOString() ?? null,
    former_secret_until: endpoint.formerSecret?.until.toISOString() ?? null,
    created_at: endpoint.createdAt.toISOString(),
    updated_at: endpoint.updatedAt.toISOString(),
    version,
  }
}

export const toSecretView = ({ endpoint, secret }: WithSecret) => ({ ...toEndpointView(endpoint), secret })
