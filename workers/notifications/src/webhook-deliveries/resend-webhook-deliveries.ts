import type { WebhookEndpointDisabled, WebhookEndpointNotFound } from '@shop/contracts/notifications/failures'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { decodeCursor, encodeCursor, type InvalidCursor } from '@shop/kernel/pagination'
import { ok, type Result } from '@shop/kernel/result'
import type { NotificationsDeps } from '../deps.ts'
import { enabledEndpoint } from './internal/enabled-endpoint.ts'
import { tryToWake } from './internal/wake-endpoint.ts'
import { isMessagePosition } from './list-webhook-deliveries.ts'

type ResendDeps = Pick<NotificationsDeps, 'webhookEndpoints' | 'webhookDeliveries' | 'now' | 'wakeEndpoint' | 'warn'>
type ResendFailure = AccessFailure | WebhookEndpointNotFound | WebhookEndpointDisabled | InvalidCursor

/** The first instant, and the one after the last; `after` continues where the call before ended. */
export type ResendPeriod = { from: Date; to: Date; after?: string | undefined }

/**
 * Sends again what happened in a time range and the endpoint wants, also what it never got since it was disabled, or made later
 * than that. A call sends the first thousand.
 */
export async function resendWebhookDeliveries(
  deps: ResendDeps,
  caller: Caller,
  { id, from, to, after }: { id: string } & ResendPeriod,
): Promise<Result<{ resent: number; nextAfter: string | null }, ResendFailure>> {
  const endpoint = await enabledEndpoint(deps, caller, id)
  if (!endpoint.ok) return endpoint
  const position = after === undefined ? ok(undefined) : decodeCursor(after, isMessagePosition)
  if (!position.ok) return position
  const range = { from, to, after: position.value, now: deps.now() }
  const { resent, last } = await deps.webhookDeliveries.resendRange(endpoint.value.id, range)
  await tryToWake(deps, endpoint.value.id)
  return ok({ resent, nextAfter: last === undefined ? null : encodeCursor(last) })
}
