import type { InvalidPromotion } from '@shop/contracts/orders/failures'
import type { FieldError } from '@shop/kernel/failures'
import { fail, ok, type Result } from '@shop/kernel/result'
import { codeKey, MAX_CODE_LENGTH } from './code-key.ts'
import { readAmount, readAmounts, readPercent, required } from './field-checks.ts'
import type { PromotionType } from './promotion.ts'
import type { PromotionDraft } from './promotion-draft.ts'
import { readTiers } from './read-tiers.ts'
import type { PromotionFields } from './stored-promotion.ts'

/** The fields that say what a promotion gives, by its type. Each comes with its types and with no other. */
const GIVING = ['value', 'amounts', 'tiers', 'buy', 'get'] as const satisfies (keyof PromotionDraft)[]
const GIVING_OF: Record<PromotionType, readonly (typeof GIVING)[number][]> = {
  percentage: ['value'],
  fixed_amount: ['amounts'],
  free_shipping: [],
  buy_x_get_y: ['buy', 'get'],
  tiered: ['tiers'],
}

/**
 * What to store of a promotion, or an error for each field that does not fit. Priority 0 and stackable unless the draft says
 * otherwise.
 *
 * @param hasSingleUseCodes which staff do not change with the other fields
 */
export function decidePromotion(
  draft: PromotionDraft,
  hasSingleUseCodes: boolean,
): Result<PromotionFields, InvalidPromotion> {
  const errors: FieldError[] = [...misplaced(draft), ...malformed(draft)]
  const { name, type, code = null, startsAt = null, endsAt = null, priority = 0, stackable = true } = draft
  const fields: PromotionFields = {
    ...{ name, type, code, hasSingleUseCodes, startsAt, endsAt, priority, stackable },
    value: draft.value === undefined ? null : readPercent(draft.value, 'value', errors),
    amounts: readAmounts(draft.amounts, 'amounts', errors),
    tiers: readTiers(draft.tiers ?? [], errors),
    buy: readBuy(draft, errors),
    get: readGet(draft, errors),
    appliesTo: {
      productIds: draft.appliesTo?.productIds ?? [],
      categoryIds: draft.appliesTo?.categoryIds ?? [],
      collectionIds: draft.appliesTo?.collectionIds ?? [],
    },
    conditions: readConditions(draft, errors),
    usageLimit: draft.usageLimit ?? null,
    // A customer has one first order. Two that are placed at once are both first when they are priced: the limit decides.
    usageLimitPerCustomer: draft.conditions?.isFirstOrder === true ? 1 : (draft.usageLimitPerCustomer ?? null),
    budget: readBudget(draft, errors),
  }
  return errors.length === 0 ? ok(fields) : fail({ code: 'invalid_promotion', errors })
}

function misplaced(draft: PromotionDraft): FieldError[] {
  const { type } = draft
  return GIVING.flatMap((field) => {
    const belongs = GIVING_OF[type].includes(field)
    if (belongs === (draft[field] !== undefined)) return []
    return { field, message: belongs ? `is required for the type ${type}` : `does not belong to the type ${type}` }
  })
}

function malformed({ code, startsAt, endsAt }: PromotionDraft): FieldError[] {
  const errors: FieldError[] = []
  const key = code === undefined ? undefined : codeKey(code)
  if (key === '') errors.push({ field: 'code', message: 'must not be blank' })
  if (key !== undefined && key.length > MAX_CODE_LENGTH) {
    errors.push({ field: 'code', message: `must have at most ${MAX_CODE_LENGTH} characters` })
  }
  if (startsAt !== undefined && endsAt !== undefined && endsAt <= startsAt) {
    errors.push({ field: 'ends_at', message: 'must be after starts_at' })
  }
  return errors
}

function readBuy({ buy }: PromotionDraft, errors: FieldError[]): PromotionFields['buy'] {
  if (buy === undefined) return null
  return { ...productsOf(buy), quantity: required(buy.quantity, 1, 'buy.quantity', errors) }
}

function readGet({ get }: PromotionDraft, errors: FieldError[]): PromotionFields['get'] {
  if (get === undefined) return null
  const quantity = required(get.quantity, 1, 'get.quantity', errors)
  const percentOff = required(get.percentOff, 100, 'get.percent_off', errors)
  return { ...productsOf(get), quantity, percentOff: readPercent(percentOff, 'get.percent_off', errors) }
}

const productsOf = ({ productIds = [], collectionIds = [] }: { productIds?: number[]; collectionIds?: number[] }) => ({
  productIds,
  collectionIds,
})

function readConditions({ conditions = {} }: PromotionDraft, errors: FieldError[]): PromotionFields['conditions'] {
  const { minQuantity = null, countries = [], groupIds = [], isFirstOrder = false } = conditions
  const minSubtotal = readAmounts(conditions.minSubtotal, 'conditions.min_subtotal', errors)
  return { minSubtotal, minQuantity, countries, groupIds, isFirstOrder }
}

function readBudget({ budget }: PromotionDraft, errors: FieldError[]): PromotionFields['budget'] {
  if (budget === undefined) return null
  const { currency, amount } = budget
  if (currency !== undefined && amount !== undefined) return readAmount({ currency, amount }, 'budget.amount', errors)
  const missing = currency === undefined ? 'currency' : 'amount'
  errors.push({ field: `budget.${missing}`, message: 'is required' })
  return null
}
