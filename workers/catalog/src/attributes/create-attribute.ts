import type { AttributeKeyTaken } from '@shop/contracts/catalog/failures'
import { type AccessFailure, type Caller, requireStaff } from '@shop/kernel/caller'
import { ok, type Result } from '@shop/kernel/result'
import { announceChange } from '../caching/announce-change.ts'
import type { CatalogDeps } from '../deps.ts'
import type { Attribute, AttributeType } from './domain/attribute.ts'

type CreateDeps = Pick<CatalogDeps, 'attributes' | 'answers' | 'events' | 'later' | 'now' | 'warn'>

/** The fields that staff send to declare an attribute; `values` where it is a list. */
export type AttributeDraft = {
  key: string
  label: string
  type: AttributeType
  values?: string[] | undefined
  isFilterable?: boolean | undefined
}

/** Declares an attribute of products. Products that have it already keep their values. */
export async function createAttribute(
  deps: CreateDeps,
  caller: Caller,
  { values = undefined, isFilterable = false, ...draft }: AttributeDraft,
): Promise<Result<Attribute, AccessFailure | AttributeKeyTaken>> {
  const staff = requireStaff(caller)
  if (!staff.ok) return staff
  const saved = await deps.attributes.insert({ ...draft, values: values ?? null, isFilterable, createdAt: deps.now() })
  if (!saved.ok) return saved
  await announceChange(deps, saved.value.eventId)
  return ok(saved.value.attribute)
}
