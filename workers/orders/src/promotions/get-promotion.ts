import type { PromotionNotFound } from '@shop/contracts/orders/failures'
import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { isId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../deps.ts'
import type { StoredPromotion } from './domain/stored-promotion.ts'

/** Reads a promotion for staff. */
export async function getPromotion(
  { promotions }: Pick<OrdersDeps, 'promotions'>,
  caller: Caller,
  { id }: { id: string },
): Promise<Result<StoredPromotion, AccessFailure | PromotionNotFound>> {
  const staff = requireScope(caller, 'promotions:read')
  if (!staff.ok) return staff
  const promotion = isId('promotion', id) ? await promotions.find(id) : undefined
  return promotion === undefined ? fail({ code: 'promotion_not_found', promotionId: id }) : ok(promotion)
}
