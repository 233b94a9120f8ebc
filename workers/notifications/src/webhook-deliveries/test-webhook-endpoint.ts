import type { WebhookEndpointDisabled, WebhookEndpointNotFound } from '@shop/contracts/notifications/failures'
import { actorIdOf, requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { type Created, type CreateOnceFailure, createOnce, creationKey, type KeyKnown } from '@shop/kernel/create-once'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { NotificationsDeps } from '../deps.ts'
import type { WebhookDelivery } from './domain/delivery.ts'
import { testMessage } from './domain/message.ts'
import { tryToWake } from './internal/wake-endpoint.ts'

type TestDeps = Pick<
  NotificationsDeps,
  'webhookEndpoints' | 'webhookDeliveries' | 'creationKeys' | 'newId' | 'now' | 'wakeEndpoint' | 'warn'
>
type TestFailure = WebhookEndpointNotFound | WebhookEndpointDisabled

/** Sends an event `webhook.test` to an endpoint, whatever it takes: on the same way as all others, and as often as they. */
export async function testWebhookEndpoint(
  deps: TestDeps,
  caller: Caller,
  { id }: { id: string },
  idempotencyKey?: string,
): Promise<Result<Created<WebhookDelivery>, AccessFailure | TestFailure | CreateOnceFailure>> {
  const staff = requireScope(caller, 'webhooks:write')
  if (!staff.ok) return staff
  const endpoint = await deps.webhookEndpoints.find(id)
  if (endpoint === undefined) return fail({ code: 'webhook_endpoint_not_found' })
  const endpointId = endpoint.id
  const key = await creationKey(`${actorIdOf(staff.value)}:testWebhookEndpoint`, idempotencyKey, { id })
  const sent = await createOnce(key, {
    create: async (): Promise<Result<WebhookDelivery, WebhookEndpointDisabled | KeyKnown>> => {
      const now = deps.now()
      const message = testMessage(deps.newId('webhookMessage'), endpointId, now)
      const written = await deps.webhookDeliveries.enqueueOnce({ endpointId, message, now }, key)
      if (!written.ok) return written
      return written.value ? ok(newDelivery(message, now)) : fail({ code: 'webhook_endpoint_disabled' })
    },
    findKey: deps.creationKeys.find,
    find: (messageId) => deps.webhookDeliveries.find(endpointId, messageId),
  })
  if (sent.ok) await tryToWake(deps, endpointId)
  return sent
}

const newDelivery = (message: WebhookDelivery['message'], now: Date): WebhookDelivery => ({
  ...{ message, status: 'pending', attempts: 0, nextAttemptAt: now, createdAt: now },
  ...{ deliveredAt: undefined, response: undefined, durationMs: undefined, failure: undefined },
})
