import type { AttributeHasNoValues, AttributeNotFound } from '@shop/contracts/catalog/failures'
import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { fail, ok, type Result } from '@shop/kernel/result'
import { untilSaved } from '@shop/kernel/until-saved'
import { checkVersion, type ExpectedVersions, type VersionConflict } from '@shop/kernel/versions'
import { announceChange } from '../caching/announce-change.ts'
import type { CatalogDeps } from '../deps.ts'
import type { Attribute } from './domain/attribute.ts'

type UpdateDeps = Pick<CatalogDeps, 'attributes' | 'answers' | 'events' | 'later' | 'now' | 'warn'>
type UpdateFailure = AccessFailure | AttributeNotFound | AttributeHasNoValues | VersionConflict

/** The fields that staff send to change an attribute; absent members stay as they are. */
export type AttributeChanges = {
  label?: string | undefined
  values?: string[] | undefined
  isFilterable?: boolean | undefined
}

/** Changes a declaration. A value that a list loses stays with the products that have it, until they are written. */
export async function updateAttribute(
  deps: UpdateDeps,
  caller: Caller,
  { id, changes, versions }: { id: number; changes: AttributeChanges; versions: ExpectedVersions },
): Promise<Result<Attribute, UpdateFailure>> {
  const staff = requireScope(caller, 'products:write')
  if (!staff.ok) return staff
  return untilSaved<Result<Attribute, UpdateFailure>>(async () => {
    const decidedFrom = await deps.attributes.find(id)
    if (decidedFrom === undefined) return fail({ code: 'attribute_not_found', attributeId: id })
    const current = checkVersion(versions, decidedFrom.version)
    if (!current.ok) return current
    if (Object.values(changes).every((change) => change === undefined)) return ok(decidedFrom)
    if (changes.values !== undefined && decidedFrom.type !== 'list') {
      return fail({ code: 'attribute_has_no_values', attributeId: id })
    }
    const { label = decidedFrom.label, values = decidedFrom.values, isFilterable = decidedFrom.isFilterable } = changes
    const fields = { label, values, isFilterable }
    const updatedAt = deps.now()
    const saved = await deps.attributes.update({ decidedFrom, updatedAt }, fields)
    if (saved === undefined) return undefined
    await announceChange(deps, saved.eventId)
    return ok({ ...decidedFrom, ...fields, updatedAt, version: decidedFrom.version + 1 })
  })
}
