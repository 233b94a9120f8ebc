import type { WebhookEndpointNotFound } from '@shop/contracts/notifications/failures'
import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { NotificationsDeps } from '../deps.ts'
import type { WebhookEndpoint } from './domain/endpoint.ts'

export async function getWebhookEndpoint(
  { webhookEndpoints }: Pick<NotificationsDeps, 'webhookEndpoints'>,
  caller: Caller,
  { id }: { id: string },
): Promise<Result<WebhookEndpoint, AccessFailure | WebhookEndpointNotFound>> {
  const staff = requireScope(caller, 'webhooks:read')
  if (!staff.ok) return staff
  const endpoint = await webhookEndpoints.find(id)
  return endpoint === undefined ? fail({ code: 'webhook_endpoint_not_found' }) : ok(endpoint)
}
