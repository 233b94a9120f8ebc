import type { WebhookEndpointNotFound, WebhookUrlNotAllowed } from '@shop/contracts/notifications/failures'
import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import { untilSaved } from '@shop/kernel/until-saved'
import { checkVersion, type ExpectedVersions, type VersionConflict } from '@shop/kernel/versions'
import type { NotificationsDeps } from '../deps.ts'
import { checkTarget } from './check-target.ts'
import { changed, type EndpointChanges, type WebhookEndpoint } from './domain/endpoint.ts'

type UpdateDeps = Pick<NotificationsDeps, 'webhookEndpoints' | 'now' | 'resolve' | 'targets'>
type UpdateFailure =
  | AccessFailure
  | WebhookEndpointNotFound
  | WebhookUrlNotAllowed
  | VersionConflict
  | ServiceUnavailable

/** Changes the given fields of an endpoint. What waits for one that is enabled again is sent by the next sweep. */
export async function updateWebhookEndpoint(
  deps: UpdateDeps,
  caller: Caller,
  { id, changes, versions }: { id: string; changes: EndpointChanges; versions: ExpectedVersions },
): Promise<Result<WebhookEndpoint, UpdateFailure>> {
  const staff = requireScope(caller, 'webhooks:write')
  if (!staff.ok) return staff
  const url = changes.url === undefined ? ok(undefined) : await checkTarget(deps, changes.url)
  if (!url.ok) return url
  return untilSaved<Result<WebhookEndpoint, UpdateFailure>>(async () => {
    const decidedFrom = await deps.webhookEndpoints.find(id)
    if (decidedFrom === undefined) return fail({ code: 'webhook_endpoint_not_found' })
    const current = checkVersion(versions, decidedFrom.version)
    if (!current.ok) return current
    if (Object.values(changes).every((change) => change === undefined)) return ok(decidedFrom)
    const updated = changed(decidedFrom, { ...changes, url: url.value }, deps.now())
    return (await deps.webhookEndpoints.save(updated)) ? ok(updated) : undefined
  })
}
