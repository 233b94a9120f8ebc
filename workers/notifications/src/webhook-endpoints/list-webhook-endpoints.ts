import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { isId } from '@shop/kernel/ids'
import { DEFAULT_LIMIT, decodeCursor, type InvalidCursor, toPage } from '@shop/kernel/pagination'
import { ok, type Result } from '@shop/kernel/result'
import type { NotificationsDeps } from '../deps.ts'
import type { WebhookEndpoint } from './domain/endpoint.ts'

const LIST = 'webhook endpoints'

/** A page of the endpoints, in the order in which they were made. */
export async function listWebhookEndpoints(
  { webhookEndpoints }: Pick<NotificationsDeps, 'webhookEndpoints'>,
  caller: Caller,
  { cursor, limit = DEFAULT_LIMIT }: { cursor?: string | undefined; limit?: number | undefined },
): Promise<Result<{ items: WebhookEndpoint[]; nextCursor: string | null }, AccessFailure | InvalidCursor>> {
  const staff = requireScope(caller, 'webhooks:read')
  if (!staff.ok) return staff
  const isOfList = ({ sortKey, id }: { sortKey: string; id: string }) => sortKey === LIST && isId('webhookEndpoint', id)
  const after = cursor === undefined ? ok(undefined) : decodeCursor(cursor, isOfList)
  if (!after.ok) return after
  const rows = await webhookEndpoints.list({ after: after.value?.id, limit: limit + 1 })
  return ok(toPage(rows, limit, ({ id }) => ({ sortKey: LIST, id })))
}
