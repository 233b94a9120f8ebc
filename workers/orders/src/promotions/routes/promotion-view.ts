import { toMajor } from '@shop/kernel/money'
import { Instant } from '@shop/kernel/text'
import { z } from 'zod'
import type { AmountIn, Promotion } from '../domain/promotion.ts'
import { isAutomatic, PROMOTION_TYPES, type StoredPromotion } from '../domain/stored-promotion.ts'
import { PROMOTION_ID_EXAMPLE } from './promotion-fields.ts'

const percent = z.number().meta({ description: 'Percent', example: 12.5 })
const amountIn = z.strictObject({
  currency: z.string().meta({ example: 'EUR' }),
  amount: z.number().meta({ description: 'Decimal number in major units', example: 10 }),
})
const ids = z.array(z.int())
const quantity = z.int().meta({ example: 2 })
const lists = { products: ids, collections: ids }

export const PromotionView = z
  .strictObject({
    id: z.string().meta({ example: PROMOTION_ID_EXAMPLE }),
    name: z.string().meta({ example: 'Summer sale' }),
    code: z.string().nullable().meta({ example: 'SUMMER-10' }),
    single_use_codes: z.boolean().meta({ description: 'Single-use codes lead to it', example: false }),
    automatic: z.boolean().meta({ description: 'It applies by itself, since no code leads to it', example: false }),
    type: z.enum(PROMOTION_TYPES).meta({ example: 'percentage' }),
    value: percent.nullable(),
    amounts: z.array(amountIn),
    tiers: z.array(
      z.strictObject({ min_quantity: quantity.nullable(), min_subtotal: z.array(amountIn).nullable(), value: percent }),
    ),
    buy: z.strictObject({ quantity, ...lists }).nullable(),
    get: z.strictObject({ quantity, percent_off: percent, ...lists }).nullable(),
    applies_to: z.strictObject({ ...lists, categories: ids }),
    conditions: z.strictObject({
      min_subtotal: z.array(amountIn),
      min_quantity: quantity.nullable(),
      countries: z.array(z.string()),
      customer_groups: z.array(z.string()),
      first_order: z.boolean(),
    }),
    usage_limit: z.int().nullable().meta({ example: 100 }),
    usage_limit_per_customer: z.int().nullable().meta({ example: 1 }),
    budget: amountIn.nullable(),
    uses: z.int().nullable().meta({ description: 'Counted only with a usage limit or a budget', example: 12 }),
    budget_used: z.number().nullable().meta({ description: 'In the currency of the budget', example: null }),
    starts_at: Instant.nullable(),
    ends_at: Instant.nullable(),
    priority: z.int().meta({ example: 0 }),
    stackable: z.boolean().meta({ example: true }),
    version: z.int().meta({ description: 'Counts its changes', example: 1 }),
    created_at: Instant,
    updated_at: Instant,
  })
  .meta({ id: 'Promotion' })
type PromotionView = z.infer<typeof PromotionView>

export const PromotionResponse = z.strictObject({ promotion: PromotionView }).meta({ id: 'PromotionResponse' })

/** The answer to a write. */
export const PromotionWithMessage = z
  .strictObject({ promotion: PromotionView, message: z.string().meta({ example: 'Promotion created' }) })
  .meta({ id: 'PromotionWithMessage' })

export function toPromotionView(promotion: StoredPromotion): PromotionView {
  const { buy, get, appliesTo } = promotion
  return {
    id: promotion.id,
    name: promotion.name,
    code: promotion.code,
    single_use_codes: promotion.hasSingleUseCodes,
    automatic: isAutomatic(promotion),
    type: promotion.type,
    value: promotion.value === null ? null : Number(promotion.value),
    amounts: promotion.amounts.map(toAmountView),
    tiers: promotion.tiers.map(toTierView),
    buy: buy && { quantity: buy.quantity, ...toLists(buy) },
    get: get && { quantity: get.quantity, percent_off: Number(get.percentOff), ...toLists(get) },
    applies_to: { ...toLists(appliesTo), categories: [...appliesTo.categoryIds] },
    conditions: toConditionsView(promotion.conditions),
    ...toLimitsView(promotion),
    priority: promotion.priority,
    stackable: promotion.stackable,
    version: promotion.version,
    created_at: promotion.createdAt.toISOString(),
    updated_at: promotion.updatedAt.toISOString(),
  }
}

const toLimitsView = ({ budget, usage, startsAt, endsAt, ...promotion }: StoredPromotion) => ({
  usage_limit: promotion.usageLimit,
  usage_limit_per_customer: promotion.usageLimitPerCustomer,
  budget: budget && toAmountView(budget),
  uses: usage?.uses ?? null,
  budget_used: budget && toMajor(usage?.amount ?? 0, budget.currency),
  starts_at: startsAt?.toISOString() ?? null,
  ends_at: endsAt?.toISOString() ?? null,
})

const toAmountView = ({ currency, amount }: AmountIn) => ({ currency, amount: toMajor(amount, currency) })

const toTierView = ({ minQuantity, minSubtotal, value }: Promotion['tiers'][number]) => ({
  min_quantity: minQuantity,
  min_subtotal: minSubtotal?.map(toAmountView) ?? null,
  value: Number(value),
})

const toConditionsView = (conditions: Promotion['conditions']) => ({
  min_subtotal: conditions.minSubtotal.map(toAmountView),
  min_quantity: conditions.minQuantity,
  countries: [...conditions.countries],
  customer_groups: [...conditions.groupIds],
  first_order: conditions.isFirstOrder,
})

const toLists = (products: { productIds: readonly number[]; collectionIds: readonly number[] }) => ({
  products: [...products.productIds],
  collections: [...products.collectionIds],
})
