import type { WebhookEndpointNotFound } from '@shop/contracts/notifications/failures'
import { actorIdOf, requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { type Created, type CreateOnceFailure, createOnce, creationKey, type KeyKnown } from '@shop/kernel/create-once'
import { fail, ok, type Result } from '@shop/kernel/result'
import { untilSaved } from '@shop/kernel/until-saved'
import { checkVersion, type ExpectedVersions, type VersionConflict } from '@shop/kernel/versions'
import type { NotificationsDeps } from '../deps.ts'
import type { WithSecret } from './create-webhook-endpoint.ts'
import { rotated, type WebhookEndpoint } from './domain/endpoint.ts'
import { openSecret } from './internal/secrets.ts'

type RotateDeps = Pick<NotificationsDeps, 'webhookEndpoints' | 'creationKeys' | 'newSecret' | 'now' | 'sealer'>
type RotateFailure = WebhookEndpointNotFound | VersionConflict

/**
 * Gives an endpoint a new secret. The one that it had signs too for a day, so that receivers can change over; an older one ends
 * now. A repeated request must therefore rotate once: it has a key.
 *
 * @returns the new secret too, which is shown to nobody else
 */
export async function rotateWebhookSecret(
  deps: RotateDeps,
  caller: Caller,
  { id, versions, idempotencyKey }: { id: string; versions: ExpectedVersions; idempotencyKey: string | undefined },
): Promise<Result<Created<WithSecret>, AccessFailure | RotateFailure | CreateOnceFailure>> {
  const staff = requireScope(caller, 'webhooks:write')
  if (!staff.ok) return staff
  const key = await creationKey(`${actorIdOf(staff.value)}:rotateWebhookSecret`, idempotencyKey, { id })
  const saved = await createOnce(key, {
    create: () =>
      untilSaved<Result<WebhookEndpoint, RotateFailure | KeyKnown>>(async () => {
        const decidedFrom = await deps.webhookEndpoints.find(id)
        if (decidedFrom === undefined) return fail({ code: 'webhook_endpoint_not_found' })
        const current = checkVersion(versions, decidedFrom.version)
        if (!current.ok) return current
        const secret = await deps.sealer.seal(deps.newSecret(), decidedFrom.id)
        const updated = rotated(decidedFrom, secret, deps.now())
        const written = await deps.webhookEndpoints.saveOnce(updated, key)
        if (!written.ok) return written
        return written.value ? ok(updated) : undefined
      }),
    findKey: deps.creationKeys.find,
    find: deps.webhookEndpoints.find,
  })
  if (!saved.ok) return saved
  const { value: endpoint, replayed } = saved.value
  return ok({ value: { endpoint, secret: await openSecret(deps.sealer, endpoint) }, replayed })
}
