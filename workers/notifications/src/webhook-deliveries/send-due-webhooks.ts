import { MORE, type SweptBatch } from '@shop/contracts/service'
import { PARALLEL_CALLS } from '@shop/kernel/parallel-calls'
import { addSeconds } from '@shop/kernel/time'
import pMap from 'p-map'
import type { NotificationsDeps } from '../deps.ts'
import { signingSecrets, type WebhookEndpoint } from '../webhook-endpoints/domain/endpoint.ts'
import { withoutQueryValues } from './domain/confidential.ts'
import { type Attempt, byKey, type DueDelivery } from './domain/delivery.ts'
import { hasWaited, nextAttempt, retryAfterOf } from './domain/retry.ts'
import { type AttemptDeps, attemptDelivery } from './internal/attempt-delivery.ts'

type SendDeps = AttemptDeps & Pick<NotificationsDeps, 'webhookEndpoints' | 'webhookDeliveries' | 'sealer' | 'warn'>

/** A batch takes at most 50 s: each answer has 10 s. */
const BATCH = 25
const POSTPONED_SECONDS = 60

/**
 * Sends the messages that are due for an endpoint, each key in order. One object does this for each endpoint, so that a slow one
 * delays no other. A message whose outcome is lost is sent again, with the same id.
 */
export async function sendDueWebhooks(deps: SendDeps, endpointId: string): Promise<SweptBatch> {
  const endpoint = await deps.webhookEndpoints.find(endpointId)
  if (endpoint === undefined || endpoint.status === 'disabled') return { done: 0 }
  const due = await deps.webhookDeliveries.listDue(endpoint.id, { now: deps.now(), limit: BATCH })
  if (due.length === 0) return { done: 0 }
  const secrets = await secretsOf(deps, endpoint)
  const delivered = await pMap(byKey(due), (ofKey) => sendInOrder(deps, { endpoint, secrets, ofKey }), {
    concurrency: PARALLEL_CALLS,
    // What cannot be recorded now must not leave requests behind that run on beside the next batch.
    stopOnError: false,
  })
  const done = delivered.reduce((sum, count) => sum + count, 0)
  // What failed is due later, so a full batch is followed by another one.
  return done > 0 || due.length === BATCH ? { done, next: MORE } : { done }
}

type Sending = { endpoint: WebhookEndpoint; secrets: readonly Uint8Array[]; ofKey: readonly DueDelivery[] }

/** @returns how many were delivered */
async function sendInOrder(deps: SendDeps, { endpoint, secrets, ofKey }: Sending): Promise<number> {
  let delivered = 0
  let isHeldUp = false
  for (const due of ofKey) {
    // It is due again with the one before it, or once it has waited.
    if (isHeldUp && !hasWaited(due, deps.now())) break
    const attempt = await attemptDelivery(deps, { url: endpoint.url, secrets, message: due.message })
    await settle(deps, { endpoint, due, attempt })
    if (!attempt.isPostponed && attempt.isAccepted) delivered += 1
    else isHeldUp = true
  }
  return delivered
}

async function settle(
  deps: SendDeps,
  { endpoint, due, attempt }: { endpoint: WebhookEndpoint; due: DueDelivery; attempt: Attempt },
): Promise<void> {
  const now = deps.now()
  const one = { endpointId: endpoint.id, messageId: due.message.id }
  if (attempt.isPostponed) {
    const { failure } = attempt
    deps.warn('webhook_postponed', { ...one, failure })
    return deps.webhookDeliveries.postpone({ ...one, failure }, addSeconds(now, POSTPONED_SECONDS))
  }
  const { isAccepted, startedAt, response, failure, durationMs } = attempt
  const { queuedAt } = due
  const attempts = due.attempts + 1
  const retryAfter = response && retryAfterOf(response, now)
  await deps.webhookDeliveries.settle(
    {
      ...one,
      queuedAt,
      outcome: isAccepted ? 'delivered' : 'failed',
      nextAttemptAt: isAccepted ? undefined : nextAttempt({ attempts, queuedAt, retryAfter }, now),
      attempt: { startedAt, url: withoutQueryValues(endpoint.url), response, durationMs, failure },
    },
    now,
  )
  if (!isAccepted) deps.warn('webhook_not_delivered', { ...one, attempts, failure, status: response?.status })
}

/** What signs now. A secret that an older key has encrypted is encrypted anew, so that the older key can go. */
async function secretsOf(
  { sealer, webhookEndpoints, now }: SendDeps,
  endpoint: WebhookEndpoint,
): Promise<Uint8Array[]> {
  const { id, secret } = endpoint
  const opened = await Promise.all(signingSecrets(endpoint, now()).map((sealed) => sealer.open(sealed, id)))
  const [current] = opened
  if (current !== undefined && (await sealer.isStale(secret))) {
    await webhookEndpoints.reseal(id, secret, await sealer.seal(current, id))
  }
  return opened
}
