import type { AttributeNotFound } from '@shop/contracts/catalog/failures'
import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { fail, ok, type Result } from '@shop/kernel/result'
import { untilSaved } from '@shop/kernel/until-saved'
import { checkVersion, type ExpectedVersions, type VersionConflict } from '@shop/kernel/versions'
import { announceChange } from '../caching/announce-change.ts'
import type { CatalogDeps } from '../deps.ts'

type DeleteDeps = Pick<CatalogDeps, 'attributes' | 'answers' | 'events' | 'later' | 'now' | 'warn'>
type DeleteFailure = AccessFailure | AttributeNotFound | VersionConflict

/** Withdraws a declaration. Products keep their values, which nobody can filter by any more. */
export async function deleteAttribute(
  deps: DeleteDeps,
  caller: Caller,
  { id, versions }: { id: number; versions: ExpectedVersions },
): Promise<Result<undefined, DeleteFailure>> {
  const staff = requireScope(caller, 'products:write')
  if (!staff.ok) return staff
  return untilSaved<Result<undefined, DeleteFailure>>(async () => {
    const decidedFrom = await deps.attributes.find(id)
    if (decidedFrom === undefined) return fail({ code: 'attribute_not_found', attributeId: id })
    const current = checkVersion(versions, decidedFrom.version)
    if (!current.ok) return current
    const deleted = await deps.attributes.delete({ decidedFrom, updatedAt: deps.now() })
    if (deleted === undefined) return undefined
    await announceChange(deps, deleted.eventId)
    return ok()
  })
}
