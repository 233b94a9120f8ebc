import type { NotificationsDeps } from '../../deps.ts'
import { checkTarget } from '../../webhook-endpoints/check-target.ts'
import type { WebhookEndpoint } from '../../webhook-endpoints/domain/endpoint.ts'
import { confidentialOf } from '../domain/confidential.ts'
import type { Attempt } from '../domain/delivery.ts'
import type { WebhookMessage } from '../domain/message.ts'
import { signedRequest } from './signed-request.ts'

export type AttemptDeps = Pick<NotificationsDeps, 'postWebhook' | 'now' | 'resolve' | 'targets'>

/** Sends a message to an endpoint, after checking again where its URL leads. */
export async function attemptDelivery(
  deps: AttemptDeps,
  { url, secrets, message }: { url: WebhookEndpoint['url']; secrets: readonly Uint8Array[]; message: WebhookMessage },
): Promise<Attempt> {
  const startedAt = deps.now()
  const target = await checkTarget(deps, url)
  if (!target.ok) {
    const { failure } = target
    if (failure.code === 'service_unavailable') return { isPostponed: true, failure: 'dns_unavailable' }
    return { isPostponed: false, isAccepted: false, failure: `url_${failure.reason}`, startedAt, durationMs: 0 }
  }
  const request = signedRequest(message, secrets, startedAt)
  const confidential = confidentialOf({ url: target.value, signatures: request.headers['webhook-signature'], secrets })
  const answer = await deps.postWebhook({ url: target.value, ...request, confidential })
  return { isPostponed: false, ...answer, startedAt, durationMs: deps.now().getTime() - startedAt.getTime() }
}
