import type { CurrencyCode } from '@shop/kernel/currencies'
import { toMajor } from '@shop/kernel/money'
import type { AmountIn, PromotionType } from './promotion.ts'
import type { PromotionFields } from './stored-promotion.ts'

/** In major units. */
export type AmountDraft = { currency: CurrencyCode; amount: number }
/** Percent. A number is read as its shortest decimal. */
export type PercentDraft = number | string
export type TierDraft = {
  minQuantity?: number | null | undefined
  minSubtotal?: AmountDraft[] | null | undefined
  value: PercentDraft
}

/** The nested parts of a promotion, of which a change may name some members. */
type Parts = {
  buy: { quantity?: number; productIds?: number[]; collectionIds?: number[] }
  get: { quantity?: number; percentOff?: PercentDraft; productIds?: number[]; collectionIds?: number[] }
  appliesTo: { productIds?: number[]; categoryIds?: number[]; collectionIds?: number[] }
  conditions: {
    minSubtotal?: AmountDraft[]
    minQuantity?: number
    countries?: string[]
    groupIds?: string[]
    isFirstOrder?: boolean
  }
  budget: { currency?: CurrencyCode; amount?: number }
}

type Members = {
  name: string
  type: PromotionType
  code?: string
  value?: PercentDraft
  amounts?: AmountDraft[]
  tiers?: TierDraft[]
  usageLimit?: number
  usageLimitPerCustomer?: number
  startsAt?: Date
  endsAt?: Date
  priority?: number
  stackable?: boolean
}

/** A promotion as staff describe it. What is absent has its default. */
export type PromotionDraft = Members & Partial<Parts>

type Patch<T> = { [K in keyof T]?: T[K] | null | undefined }

/** A merge patch (RFC 7396): absent members stay, null removes one. */
export type PromotionChanges = Patch<Omit<Members, 'name' | 'type'>> & {
  name?: string | undefined
  type?: PromotionType | undefined
} & { [K in keyof Parts]?: Patch<Parts[K]> | null | undefined }

/** What staff send to create a promotion. */
export type NewPromotion = PromotionChanges & {
  name: string
  type: PromotionType
  hasSingleUseCodes?: boolean | undefined
}

const PARTS = ['buy', 'get', 'appliesTo', 'conditions', 'budget'] as const satisfies (keyof Parts)[]

/** Applies a merge patch to a draft. */
export function patchDraft(draft: PromotionDraft, changes: PromotionChanges): PromotionDraft {
  const parts = PARTS.map((part) => {
    const change = changes[part]
    return [part, change ? merged(draft[part] ?? {}, change) : change]
  })
  return merged(draft, { ...changes, ...Object.fromEntries(parts) })
}

function merged<T extends object>(current: T, changes: object): T {
  const given = Object.entries(changes).filter(([, change]) => change !== undefined)
  const members = Object.entries({ ...current, ...Object.fromEntries(given) })
  // The members are those of T, or of its patch without the nulls.
  return Object.fromEntries(members.filter(([, member]) => member !== null)) as T
}

/** A promotion as staff would describe it. */
export function toDraft(fields: PromotionFields): PromotionDraft {
  const { buy, get, conditions, amounts, tiers, budget } = fields
  const { name, type, code, value, appliesTo, usageLimit, usageLimitPerCustomer, startsAt, endsAt } = fields
  const changes = {
    ...{ code, value, usageLimit, usageLimitPerCustomer, startsAt, endsAt, budget: budget && toAmountDraft(budget) },
    priority: fields.priority,
    stackable: fields.stackable,
    amounts: amounts.length === 0 ? null : amounts.map(toAmountDraft),
    tiers: tiers.length === 0 ? null : tiers.map(toTierDraft),
    buy: buy && { ...buy, ...listsOf(buy) },
    get: get && { ...get, ...listsOf(get) },
    appliesTo: { ...listsOf(appliesTo), categoryIds: [...appliesTo.categoryIds] },
    conditions: {
      ...conditions,
      minSubtotal: conditions.minSubtotal.map(toAmountDraft),
      countries: [...conditions.countries],
      groupIds: [...conditions.groupIds],
    },
  } satisfies PromotionChanges
  return patchDraft({ name, type }, changes)
}

const toAmountDraft = ({ currency, amount }: AmountIn): AmountDraft => ({ currency, amount: toMajor(amount, currency) })

const toTierDraft = ({ minQuantity, minSubtotal, value }: PromotionFields['tiers'][number]): TierDraft => ({
  minQuantity,
  minSubtotal: minSubtotal?.map(toAmountDraft),
  value,
})

const listsOf = (products: { productIds: readonly number[]; collectionIds: readonly number[] }) => ({
  productIds: [...products.productIds],
  collectionIds: [...products.collectionIds],
})
