import type { WebhookEndpointNotFound } from '@shop/contracts/notifications/failures'
import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { fail, ok, type Result } from '@shop/kernel/result'
import { untilSaved } from '@shop/kernel/until-saved'
import { checkVersion, type ExpectedVersions, type VersionConflict } from '@shop/kernel/versions'
import type { NotificationsDeps } from '../deps.ts'

type DeleteFailure = AccessFailure | WebhookEndpointNotFound | VersionConflict

/** Deletes an endpoint with its secrets and deliveries, also those that are still to be made. */
export async function deleteWebhookEndpoint(
  { webhookEndpoints }: Pick<NotificationsDeps, 'webhookEndpoints'>,
  caller: Caller,
  { id, versions }: { id: string; versions: ExpectedVersions },
): Promise<Result<undefined, DeleteFailure>> {
  const staff = requireScope(caller, 'webhooks:write')
  if (!staff.ok) return staff
  return untilSaved<Result<undefined, DeleteFailure>>(async () => {
    const decidedFrom = await webhookEndpoints.find(id)
    if (decidedFrom === undefined) return fail({ code: 'webhook_endpoint_not_found' })
    const current = checkVersion(versions, decidedFrom.version)
    if (!current.ok) return current
    return (await webhookEndpoints.delete(decidedFrom)) ? ok() : undefined
  })
}
