import { hasScope } from '@shop/kernel/access'
import type { Caller } from '@shop/kernel/caller'
import { CatalogId } from '@shop/kernel/ids'
import { Instant } from '@shop/kernel/text'
import { z } from 'zod'
import { type Collection, kindOf } from '../domain/collection.ts'
import { type CollectionRule, toRuleDraft } from '../domain/rule.ts'
import { CollectionId, RuleBody } from './collection-fields.ts'

export const CollectionView = z
  .strictObject({
    id: CollectionId,
    name: z.string().meta({ example: 'Summer sale' }),
    slug: z.string().meta({ example: 'summer-sale' }),
    kind: z.enum(['manual', 'rule']).meta({ description: 'Whether its products are listed by hand or meet a rule' }),
    rule: RuleBody.nullable().optional().meta({ description: 'Null for a manual collection. Shown to staff only' }),
    product_ids: z
      .array(CatalogId)
      .optional()
      .meta({ description: 'Of one manual collection, in order. Shown to staff only', example: [3, 1] }),
    metadata: z.record(z.string(), z.string()).optional().meta({ description: 'Shown to staff only', example: {} }),
    version: z.int().meta({ description: 'Counts its changes', example: 1 }),
    created_at: Instant,
    updated_at: Instant,
  })
  .meta({ id: 'Collection' })
export type CollectionView = z.infer<typeof CollectionView>

export const CollectionResponse = z.strictObject({ collection: CollectionView }).meta({ id: 'CollectionResponse' })

/** The answer to a write. */
export const CollectionWithMessage = z
  .strictObject({ collection: CollectionView, message: z.string().meta({ example: 'Collection created' }) })
  .meta({ id: 'CollectionWithMessage' })

/** @param collection with its products where it is shown alone */
export function toCollectionView(
  collection: Collection & { productIds?: number[] | undefined },
  caller: Caller,
): CollectionView {
  const { rule, productIds, metadata } = collection
  const forStaff = {
    rule: rule && toRuleView(rule),
    ...(rule === null && productIds !== undefined ? { product_ids: productIds } : {}),
    metadata,
  }
  return {
    id: collection.id,
    name: collection.name,
    slug: collection.slug,
    kind: kindOf(collection),
    ...(hasScope(caller, 'products:read') ? forStaff : {}),
    version: collection.version,
    created_at: collection.createdAt.toISOString(),
    updated_at: collection.updatedAt.toISOString(),
  }
}

function toRuleView(rule: CollectionRule): z.infer<typeof RuleBody> {
  const { tags, brands, categoryIds, priceMin, priceMax, currency, inStock, createdWithinDays } = toRuleDraft(rule)
  return {
    tags,
    brands,
    category_ids: categoryIds,
    price_min: priceMin,
    price_max: priceMax,
    currency,
    in_stock: inStock,
    created_within_days: createdWithinDays,
  }
}
