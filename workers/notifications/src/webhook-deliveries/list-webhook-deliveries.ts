import type { WebhookEndpointNotFound } from '@shop/contracts/notifications/failures'
import type { WebhookDeliveryStatus } from '@shop/contracts/notifications/states'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { isId } from '@shop/kernel/ids'
import { DEFAULT_LIMIT, decodeCursor, type InvalidCursor, isInstantText, toPage } from '@shop/kernel/pagination'
import { ok, type Result } from '@shop/kernel/result'
import type { NotificationsDeps } from '../deps.ts'
import { getWebhookEndpoint } from '../webhook-endpoints/get-webhook-endpoint.ts'
import type { WebhookDelivery } from './domain/delivery.ts'

type ListQuery = { status?: WebhookDeliveryStatus | undefined; cursor?: string | undefined; limit?: number | undefined }

/** A page of what was sent to an endpoint, or is to be sent; newest first. */
export async function listWebhookDeliveries(
  deps: Pick<NotificationsDeps, 'webhookEndpoints' | 'webhookDeliveries'>,
  caller: Caller,
  { id, status, cursor, limit = DEFAULT_LIMIT }: { id: string } & ListQuery,
): Promise<
  Result<
    { items: WebhookDelivery[]; nextCursor: string | null },
    AccessFailure | WebhookEndpointNotFound | InvalidCursor
  >
> {
  const endpoint = await getWebhookEndpoint(deps, caller, { id })
  if (!endpoint.ok) return endpoint
  const before = cursor === undefined ? ok(undefined) : decodeCursor(cursor, isMessagePosition)
  if (!before.ok) return before
  const rows = await deps.webhookDeliveries.list(endpoint.value.id, { status, before: before.value, limit: limit + 1 })
  return ok(toPage(rows, limit, ({ createdAt, message }) => ({ sortKey: createdAt.toISOString(), id: message.id })))
}

export const isMessagePosition = ({ sortKey, id }: { sortKey: string; id: string }): boolean =>
  isInstantText(sortKey) && isId('webhookMessage', id)
