import type { AttributeKeyTaken } from '@shop/contracts/catalog/failures'
import { actorIdOf, requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { type Created, type CreateOnceFailure, createOnce, creationKey } from '@shop/kernel/create-once'
import { ok, type Result } from '@shop/kernel/result'
import { announceChange } from '../caching/announce-change.ts'
import type { CatalogDeps } from '../deps.ts'
import type { Attribute, AttributeType } from './domain/attribute.ts'

type CreateDeps = Pick<CatalogDeps, 'attributes' | 'keys' | 'answers' | 'events' | 'later' | 'now' | 'warn'>

/** The fields that staff send to declare an attribute; `values` where it is a list. */
export type AttributeDraft = {
  key: string
  label: string
  type: AttributeType
  values?: string[] | undefined
  isFilterable?: boolean | undefined
}

/** Declares an attribute of products; once, if the request has a key. Products that have it already keep their values. */
export async function createAttribute(
  deps: CreateDeps,
  caller: Caller,
  draft: AttributeDraft,
  idempotencyKey?: string,
): Promise<Result<Created<Attribute>, AccessFailure | AttributeKeyTaken | CreateOnceFailure>> {
  const staff = requireScope(caller, 'products:write')
  if (!staff.ok) return staff
  const { values = null, isFilterable = false, ...fields } = draft
  const key = await creationKey(`${actorIdOf(staff.value)}:createAttribute`, idempotencyKey, draft)
  return createOnce(key, {
    create: async () => {
      const saved = await deps.attributes.insert({ ...fields, values, isFilterable, createdAt: deps.now() }, key)
      if (!saved.ok) return saved
      await announceChange(deps, saved.value.eventId)
      return ok(saved.value.attribute)
    },
    findKey: deps.keys.find,
    find: (id) => deps.attributes.find(Number(id)),
  })
}
