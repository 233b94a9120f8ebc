import type { VariantRequired } from '@shop/contracts/catalog/failures'
import type { Metadata } from '@shop/kernel/metadata'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { ProductAttributes } from '../../attributes/domain/product-attributes.ts'
import type { NewSlug } from '../../slugs/domain/slug.ts'
import type { ProductOption } from '../../variants/domain/options.ts'
import { type Variant, variantRequired } from '../../variants/domain/variant.ts'
import type { Seo } from './seo.ts'
import type { Translations } from './translations.ts'

export const PRODUCT_STATUSES = ['active', 'draft', 'archived'] as const
export type ProductStatus = (typeof PRODUCT_STATUSES)[number]

export const PRODUCT_TYPES = ['physical', 'digital', 'gift_card'] as const

/** A product with its variants, of which it has at least one. */
export type Product = {
  id: number
  name: string
  slug: string
  description: string
  /** Only an active product is listed and sold. An archived one is kept for staff and for orders. */
  status: ProductStatus
  archivedAt: Date | null
  brand: string | null
  type: (typeof PRODUCT_TYPES)[number]
  tags: string[]
  taxCategory: string | null
  shippingClass: string | null
  attributes: ProductAttributes
  seo: Seo
  /** Its texts in other languages. For staff: others are shown one of them. */
  translations: Translations
  /** For staff. */
  metadata: Metadata
  /** The name of its primary category. */
  category: string | null
  /** The categories that staff gave it, the primary one first. It is also in those above them. */
  categoryIds: number[]
  imageUrl: string | null
  /** The most units that one order may have; null for any number. */
  maxPerOrder: number | null
  /** What its variants differ in. Empty for a product with one variant. */
  options: ProductOption[]
  /** In order. */
  variants: Variant[]
  createdAt: Date
  updatedAt: Date
  /** Counts the changes of its fields and variants by staff. Neither a sale nor a change of its stock counts. */
  version: number
}

/** The categories that a product is to have, the primary one first. */
export type CategoryAssignment = {
  /** The primary category by its name, to be made if there is none. Without it the first id is the primary one. */
  named: { name: string; slug: NewSlug } | undefined
  /** Those after it, which have to exist. */
  ids: readonly number[]
  /** Those after them, which the product has already; one that was deleted meanwhile is left out. */
  keptIds: readonly number[]
}

export const NO_CATEGORIES: CategoryAssignment = { named: undefined, ids: [], keptIds: [] }

/** The fields that staff edit, without those of its variants. */
export type ProductFields = Omit<
  Product,
  'id' | 'archivedAt' | 'category' | 'categoryIds' | 'variants' | 'createdAt' | 'updatedAt' | 'version'
> & { categories: CategoryAssignment }

/** The variant that stands for the product, where it has one only. */
export function onlyVariant({ id, variants }: Pick<Product, 'id' | 'variants'>): Result<Variant, VariantRequired> {
  const [variant] = variants
  if (variant !== undefined && variants.length === 1) return ok(variant)
  return fail(variantRequired(id, variants))
}
