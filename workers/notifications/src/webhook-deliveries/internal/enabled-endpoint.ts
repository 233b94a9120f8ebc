import type { WebhookEndpointDisabled, WebhookEndpointNotFound } from '@shop/contracts/notifications/failures'
import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { NotificationsDeps } from '../../deps.ts'
import type { WebhookEndpoint } from '../../webhook-endpoints/domain/endpoint.ts'

/** The endpoint to which a caller may have something sent. */
export async function enabledEndpoint(
  { webhookEndpoints }: Pick<NotificationsDeps, 'webhookEndpoints'>,
  caller: Caller,
  id: string,
): Promise<Result<WebhookEndpoint, AccessFailure | WebhookEndpointNotFound | WebhookEndpointDisabled>> {
  const staff = requireScope(caller, 'webhooks:write')
  if (!staff.ok) return staff
  const endpoint = await webhookEndpoints.find(id)
  if (endpoint === undefined) return fail({ code: 'webhook_endpoint_not_found' })
  return endpoint.status === 'enabled' ? ok(endpoint) : fail({ code: 'webhook_endpoint_disabled' })
}
