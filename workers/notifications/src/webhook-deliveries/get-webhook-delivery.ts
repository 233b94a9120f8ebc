import type { WebhookDeliveryNotFound, WebhookEndpointNotFound } from '@shop/contracts/notifications/failures'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { isId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { NotificationsDeps } from '../deps.ts'
import { getWebhookEndpoint } from '../webhook-endpoints/get-webhook-endpoint.ts'
import type { WebhookDeliveryDetails } from './domain/delivery.ts'

type GetFailure = AccessFailure | WebhookEndpointNotFound | WebhookDeliveryNotFound

/** Reads a delivery with its newest attempts: the request, and the response to each. */
export async function getWebhookDelivery(
  deps: Pick<NotificationsDeps, 'webhookEndpoints' | 'webhookDeliveries'>,
  caller: Caller,
  { id, messageId }: { id: string; messageId: string },
): Promise<Result<WebhookDeliveryDetails, GetFailure>> {
  const endpoint = await getWebhookEndpoint(deps, caller, { id })
  if (!endpoint.ok) return endpoint
  const found = isId('webhookMessage', messageId)
    ? await deps.webhookDeliveries.find(endpoint.value.id, messageId)
    : undefined
  return found === undefined ? fail({ code: 'webhook_delivery_not_found' }) : ok(found)
}
