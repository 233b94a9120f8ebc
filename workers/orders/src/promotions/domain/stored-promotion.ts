import type { PromotionId } from '@shop/kernel/ids'
import type { AmountIn, Promotion, PromotionType } from './promotion.ts'

export const PROMOTION_TYPES = [
  'percentage',
  'fixed_amount',
  'free_shipping',
  'buy_x_get_y',
  'tiered',
] as const satisfies PromotionType[]

/** What staff decide of a promotion: what it gives, and who may use it when and how often. */
export type PromotionFields = Omit<Promotion, 'id'> & {
  /** It is used by single-use codes, too, or by these alone. Without codes of either kind it is automatic. */
  hasSingleUseCodes: boolean
  /** Orders that may use it. Null for no limit, as below. */
  usageLimit: number | null
  usageLimitPerCustomer: number | null
  /** The most that all orders together may get, in minor units. Orders in other currencies cannot use the promotion. */
  budget: AmountIn | null
  /** From then on. */
  startsAt: Date | null
  /** Until just before. */
  endsAt: Date | null
}

/** `amount` is what the uses took off, in minor units of the budget's currency; 0 without a budget. */
export type Usage = { uses: number; amount: number }

export type StoredPromotion = PromotionFields & {
  id: PromotionId
  createdAt: Date
  updatedAt: Date
  /** Counts the changes by staff; uses do not count. */
  version: number
  /** Counted only where there is a limit for all customers together, or a budget. */
  usage: Usage | null
}

export const isAutomatic = ({
  code,
  hasSingleUseCodes,
}: Pick<PromotionFields, 'code' | 'hasSingleUseCodes'>): boolean => code === null && !hasSingleUseCodes

/** Whether all uses of a promotion have to be counted together. */
export const isCounted = ({ usageLimit, budget }: Pick<PromotionFields, 'usageLimit' | 'budget'>): boolean =>
  usageLimit !== null || budget !== null

/**
 * A promotion as prices are computed from it.
 *
 * Where `get` names no products, it discounts what `buy` names: two mugs make a third mug cheaper, not any product.
 *
 * @param code that was entered, which may be a single-use one; null for an automatic promotion
 */
export function toPromotion(stored: StoredPromotion, code: string | null): Promotion {
  const { id, name, type, value, amounts, tiers, buy, get, appliesTo, conditions, priority, stackable } = stored
  const discounted = get === null || buy === null || namesProducts(get) ? get : { ...get, ...productsOf(buy) }
  return {
    id,
    name,
    code,
    type,
    value,
    amounts,
    tiers,
    buy,
    get: discounted,
    appliesTo,
    conditions,
    priority,
    stackable,
  }
}

type Products = Pick<NonNullable<Promotion['buy']>, 'productIds' | 'collectionIds'>

const namesProducts = ({ productIds, collectionIds }: Products) => productIds.length > 0 || collectionIds.length > 0

const productsOf = ({ productIds, collectionIds }: Products) => ({ productIds, collectionIds })
