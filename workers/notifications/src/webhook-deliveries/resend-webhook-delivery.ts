import type {
  WebhookDeliveryNotFound,
  WebhookEndpointDisabled,
  WebhookEndpointNotFound,
} from '@shop/contracts/notifications/failures'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { isId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { NotificationsDeps } from '../deps.ts'
import { enabledEndpoint } from './internal/enabled-endpoint.ts'
import { tryToWake } from './internal/wake-endpoint.ts'

type ResendDeps = Pick<NotificationsDeps, 'webhookEndpoints' | 'webhookDeliveries' | 'now' | 'wakeEndpoint' | 'warn'>
type ResendFailure = AccessFailure | WebhookEndpointNotFound | WebhookEndpointDisabled | WebhookDeliveryNotFound

/** Sends a message again, whatever came of it: with the same id, so that a receiver that has it can leave it out. */
export async function resendWebhookDelivery(
  deps: ResendDeps,
  caller: Caller,
  { id, messageId }: { id: string; messageId: string },
): Promise<Result<undefined, ResendFailure>> {
  const endpoint = await enabledEndpoint(deps, caller, id)
  if (!endpoint.ok) return endpoint
  const isQueued =
    isId('webhookMessage', messageId) && (await deps.webhookDeliveries.resend(endpoint.value.id, messageId, deps.now()))
  if (!isQueued) return fail({ code: 'webhook_delivery_not_found' })
  await tryToWake(deps, endpoint.value.id)
  return ok()
}
