import type { InvalidPromotion } from '@shop/contracts/orders/failures'
import { ok, type Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../../deps.ts'
import { refuseUnknownGroups } from '../domain/refuse-unknown-groups.ts'
import type { PromotionFields } from '../domain/stored-promotion.ts'

/**
 * Refuses a promotion that names a customer group which does not exist. A group that it named before may be deleted by now.
 *
 * @param before the groups that it named
 */
export async function checkGroups(
  { customerGroups }: Pick<OrdersDeps, 'customerGroups'>,
  { conditions: { groupIds } }: Pick<PromotionFields, 'conditions'>,
  before: readonly string[] = [],
): Promise<Result<undefined, InvalidPromotion>> {
  if (groupIds.every((id) => before.includes(id))) return ok()
  return refuseUnknownGroups(groupIds, [...before, ...(await customerGroups.existing(groupIds))])
}
