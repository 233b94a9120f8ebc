import type { InvalidPromotion, PromotionCodeTaken } from '@shop/contracts/orders/failures'
import { actorIdOf, requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { type Created, type CreateOnceFailure, createOnce, creationKey } from '@shop/kernel/create-once'
import { isId } from '@shop/kernel/ids'
import type { Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../deps.ts'
import { decidePromotion } from './domain/decide-promotion.ts'
import { type NewPromotion, patchDraft } from './domain/promotion-draft.ts'
import type { StoredPromotion } from './domain/stored-promotion.ts'
import { checkGroups } from './internal/check-groups.ts'

type CreateDeps = Pick<OrdersDeps, 'promotions' | 'customerGroups' | 'creationKeys' | 'newPromotionId' | 'now'>
type CreateFailure = AccessFailure | InvalidPromotion | PromotionCodeTaken

/** Creates a promotion; once, if the request has a key. Without a code of either kind it is automatic. */
export async function createPromotion(
  deps: CreateDeps,
  caller: Caller,
  request: NewPromotion,
  idempotencyKey?: string,
): Promise<Result<Created<StoredPromotion>, CreateFailure | CreateOnceFailure>> {
  const staff = requireScope(caller, 'promotions:write')
  if (!staff.ok) return staff
  const { name, type, hasSingleUseCodes = false, ...changes } = request
  const fields = decidePromotion(patchDraft({ name, type }, changes), hasSingleUseCodes)
  if (!fields.ok) return fields
  const key = await creationKey(`${actorIdOf(staff.value)}:createPromotion`, idempotencyKey, request)
  const promotion = { ...fields.value, id: deps.newPromotionId(), createdAt: deps.now() }
  return createOnce<StoredPromotion, InvalidPromotion | PromotionCodeTaken>(key, {
    create: async () => {
      const checked = await checkGroups(deps, promotion)
      return checked.ok ? deps.promotions.insert(promotion, key) : checked
    },
    findKey: deps.creationKeys.find,
    find: async (id) => (isId('promotion', id) ? deps.promotions.find(id) : undefined),
  })
}
