import type { InvalidPromotion, PromotionCodeTaken, PromotionNotFound } from '@shop/contracts/orders/failures'
import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { isId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import { untilSaved } from '@shop/kernel/until-saved'
import { checkVersion, type ExpectedVersions, type VersionConflict } from '@shop/kernel/versions'
import type { OrdersDeps } from '../deps.ts'
import { decidePromotion } from './domain/decide-promotion.ts'
import { type PromotionChanges, patchDraft, toDraft } from './domain/promotion-draft.ts'
import type { StoredPromotion } from './domain/stored-promotion.ts'
import { checkGroups } from './internal/check-groups.ts'

type UpdateDeps = Pick<OrdersDeps, 'promotions' | 'customerGroups' | 'now'>
type UpdateFailure = AccessFailure | PromotionNotFound | InvalidPromotion | PromotionCodeTaken | VersionConflict

/** Changes a promotion. Orders keep what they got, and their uses count under a new limit, too. */
export async function updatePromotion(
  deps: UpdateDeps,
  caller: Caller,
  { id, changes, versions }: { id: string; changes: PromotionChanges; versions: ExpectedVersions },
): Promise<Result<StoredPromotion, UpdateFailure>> {
  const staff = requireScope(caller, 'promotions:write')
  if (!staff.ok) return staff
  if (!isId('promotion', id)) return fail({ code: 'promotion_not_found', promotionId: id })
  return untilSaved<Result<StoredPromotion, UpdateFailure>>(async () => {
    const decidedFrom = await deps.promotions.find(id)
    if (decidedFrom === undefined) return fail({ code: 'promotion_not_found', promotionId: id })
    const current = checkVersion(versions, decidedFrom.version)
    if (!current.ok) return current
    if (Object.values(changes).every((change) => change === undefined)) return ok(decidedFrom)
    const fields = decidePromotion(patchDraft(toDraft(decidedFrom), changes), decidedFrom.hasSingleUseCodes)
    if (!fields.ok) return fields
    const checked = await checkGroups(deps, fields.value, decidedFrom.conditions.groupIds)
    if (!checked.ok) return checked
    const saved = await deps.promotions.update({ decidedFrom, updatedAt: deps.now() }, fields.value)
    if (!saved.ok) return saved
    return saved.value && ok(saved.value)
  })
}
