import type { TooManyWebhookEndpoints, WebhookUrlNotAllowed } from '@shop/contracts/notifications/failures'
import { actorIdOf, requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { type Created, type CreateOnceFailure, createOnce, creationKey } from '@shop/kernel/create-once'
import { ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { NotificationsDeps } from '../deps.ts'
import { checkTarget } from './check-target.ts'
import { type EventFilter, filtersOf, type WebhookEndpoint } from './domain/endpoint.ts'
import { openSecret } from './internal/secrets.ts'

type CreateDeps = Pick<
  NotificationsDeps,
  'webhookEndpoints' | 'creationKeys' | 'newId' | 'newSecret' | 'now' | 'resolve' | 'sealer' | 'targets'
>

export type EndpointDraft = { url: string; events: readonly EventFilter[]; description: string }
type CreateFailure = WebhookUrlNotAllowed | TooManyWebhookEndpoints | ServiceUnavailable | CreateOnceFailure
export type WithSecret = { endpoint: WebhookEndpoint; secret: string }

/**
 * Adds an endpoint, which gets the events that happen from then on; once, if the request has a key.
 *
 * @returns its secret too, which is shown to nobody else
 */
export async function createWebhookEndpoint(
  deps: CreateDeps,
  caller: Caller,
  draft: EndpointDraft,
  idempotencyKey?: string,
): Promise<Result<Created<WithSecret>, AccessFailure | CreateFailure>> {
  const staff = requireScope(caller, 'webhooks:write')
  if (!staff.ok) return staff
  const url = await checkTarget(deps, draft.url)
  if (!url.ok) return url
  const key = await creationKey(`${actorIdOf(staff.value)}:createWebhookEndpoint`, idempotencyKey, draft)
  const created = await createOnce(key, {
    create: async () => deps.webhookEndpoints.insert(await newEndpoint(deps, { ...draft, url: url.value }), key),
    findKey: deps.creationKeys.find,
    find: deps.webhookEndpoints.find,
  })
  if (!created.ok) return created
  const { value: endpoint, replayed } = created.value
  return ok({ value: { endpoint, secret: await openSecret(deps.sealer, endpoint) }, replayed })
}

async function newEndpoint(
  { newId, newSecret, now, sealer }: CreateDeps,
  { url, events, description }: EndpointDraft,
): Promise<WebhookEndpoint> {
  const [id, at] = [newId('webhookEndpoint'), now()]
  return {
    ...{ id, url, events: filtersOf(events), description, status: 'enabled', disabledReason: undefined },
    ...{ failingSince: undefined, secret: await sealer.seal(newSecret(), id), formerSecret: undefined },
    ...{ createdAt: at, updatedAt: at, version: 1 },
  }
}
