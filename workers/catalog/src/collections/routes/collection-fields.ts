import { CatalogId, CatalogIdParam } from '@shop/kernel/ids'
import { Currency } from '@shop/kernel/money'
import { line } from '@shop/kernel/text'
import { z } from 'zod'
import { CategoryId } from '../../categories/routes/category-fields.ts'
import { MAX_PRODUCTS } from '../domain/collection.ts'
import type { RuleChanges, RuleDraft } from '../domain/rule.ts'

const isDistinct = (values: readonly unknown[]) => new Set(values).size === values.length

const anyOf = <S extends z.ZodType>(value: S) =>
  z.array(value).min(1).max(50).refine(isDistinct, 'must not name a value twice')

export const collectionName = line(100).meta({ example: 'Summer sale' })

export const CollectionId = CatalogId.meta({ description: 'Collection id', example: 2 })

export const CollectionIdParam = CatalogIdParam.meta({ type: 'integer', description: 'Collection id', example: 2 })

export const productIds = z
  .array(CatalogId)
  .max(MAX_PRODUCTS)
  .refine(isDistinct, 'must not name a product twice')
  .meta({ description: `In the order in which they are shown; at most ${MAX_PRODUCTS}`, example: [3, 1] })

const Price = z.number().min(0)

const tags = anyOf(line(100)).meta({ description: 'Products with any of these tags', example: ['summer'] })
const brands = anyOf(line(100)).meta({ description: 'Products of any of these brands' })
const categoryIds = anyOf(CategoryId).meta({ description: 'Products in any of these categories, or below them' })
const priceMin = Price.meta({ description: 'Decimal number in major units' })
const priceMax = Price.meta({ description: 'Decimal number in major units', example: 50 })
const currency = Currency.meta({ description: 'Of the prices; the currency of the shop when omitted' })
const days = z.int().min(1).max(3_650).meta({ description: 'Products that are this new', example: 30 })

export const RuleBody = z
  .strictObject({
    tags: tags.optional(),
    brands: brands.optional(),
    category_ids: categoryIds.optional(),
    price_min: priceMin.optional(),
    price_max: priceMax.optional(),
    currency: currency.optional(),
    in_stock: z.boolean().optional(),
    created_within_days: days.optional(),
  })
  .meta({ id: 'CollectionRule', description: 'The collection has all products that meet all of these conditions' })

export const RulePatch = z
  .strictObject({
    tags: tags.nullish(),
    brands: brands.nullish(),
    category_ids: categoryIds.nullish(),
    price_min: priceMin.nullish(),
    price_max: priceMax.nullish(),
    currency: currency.nullish(),
    in_stock: z.boolean().nullish(),
    created_within_days: days.nullish(),
  })
  .meta({ description: 'Conditions to add or change; null removes one. Others stay' })

export function toRuleDraft(rule: z.output<typeof RuleBody>): RuleDraft {
  const { tags, brands, currency } = rule
  return {
    ...{ tags, brands, currency },
    categoryIds: rule.category_ids,
    priceMin: rule.price_min,
    priceMax: rule.price_max,
    inStock: rule.in_stock,
    createdWithinDays: rule.created_within_days,
  }
}

export function toRuleChanges(rule: z.output<typeof RulePatch>): RuleChanges {
  const { tags, brands, currency } = rule
  return {
    ...{ tags, brands, currency },
    categoryIds: rule.category_ids,
    priceMin: rule.price_min,
    priceMax: rule.price_max,
    inStock: rule.in_stock,
    createdWithinDays: rule.created_within_days,
  }
}
