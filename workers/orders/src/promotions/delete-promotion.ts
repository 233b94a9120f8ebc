import type { PromotionNotFound } from '@shop/contracts/orders/failures'
import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { isId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import { untilSaved } from '@shop/kernel/until-saved'
import { checkVersion, type ExpectedVersions, type VersionConflict } from '@shop/kernel/versions'
import type { OrdersDeps } from '../deps.ts'

type DeleteFailure = AccessFailure | PromotionNotFound | VersionConflict

/** Ends a promotion for good. Orders keep what they got. Its code may be used again; single-use codes lead nowhere. */
export async function deletePromotion(
  deps: Pick<OrdersDeps, 'promotions' | 'now'>,
  caller: Caller,
  { id, versions }: { id: string; versions: ExpectedVersions },
): Promise<Result<undefined, DeleteFailure>> {
  const staff = requireScope(caller, 'promotions:write')
  if (!staff.ok) return staff
  if (!isId('promotion', id)) return fail({ code: 'promotion_not_found', promotionId: id })
  return untilSaved<Result<undefined, DeleteFailure>>(async () => {
    const decidedFrom = await deps.promotions.find(id)
    if (decidedFrom === undefined) return fail({ code: 'promotion_not_found', promotionId: id })
    const current = checkVersion(versions, decidedFrom.version)
    if (!current.ok) return current
    return (await deps.promotions.delete({ decidedFrom, updatedAt: deps.now() })) ? ok() : undefined
  })
}
