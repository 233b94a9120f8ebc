import type { CurrencyCode } from '@shop/kernel/currencies'
import type { Product } from '../domain/product.ts'
import { toVariant, type VariantJson } from './variants.ts'

/** A product and its variants as a written statement returns them: a bigint is a text. */
export type ProductRow = Pick<
  Product,
  | 'name'
  | 'slug'
  | 'description'
  | 'status'
  | 'brand'
  | 'type'
  | 'tags'
  | 'attributes'
  | 'seo'
  | 'translations'
  | 'options'
  | 'metadata'
> & {
  id: string
  archived_at: string | null
  tax_category: string | null
  shipping_class: string | null
  category: string | null
  category_ids: string[]
  image_url: string | null
  max_per_order: number | null
  variants: VariantJson[]
  created_at: string
  updated_at: string
  version: number
}

/** Types the currency of a row: only a {@link CurrencyCode} is ever written to the column. */
export function withCurrency<R extends { currency: string }>(row: R) {
  return { ...row, currency: row.currency as CurrencyCode }
}

export function toProduct(row: ProductRow): Product {
  const { name, slug, description, status, brand, type, tags, attributes, seo, translations, options, metadata } = row
  return {
    ...{ name, slug, description, status, brand, type, tags, attributes, seo, translations, options, metadata },
    id: Number(row.id),
    archivedAt: row.archived_at === null ? null : new Date(row.archived_at),
    taxCategory: row.tax_category,
    shippingClass: row.shipping_class,
    category: row.category,
    categoryIds: row.category_ids.map(Number),
    imageUrl: row.image_url,
    maxPerOrder: row.max_per_order,
    variants: row.variants.map(toVariant),
    createdAt: new Date(row.created_at),
    updatedAt: new Date(row.updated_at),
    version: row.version,
  }
}
