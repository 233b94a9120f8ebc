import { hasScope } from '@shop/kernel/access'
import type { Caller } from '@shop/kernel/caller'
import { CatalogId } from '@shop/kernel/ids'
import { Amount, toMajor } from '@shop/kernel/money'
import { Instant } from '@shop/kernel/text'
import { z } from 'zod'
import type { AttributeValue } from '../../attributes/domain/product-attributes.ts'
import { CategoryId } from '../../categories/routes/category-fields.ts'
import type { PricedProduct } from '../../prices/domain/priced-product.ts'
import { isInStock } from '../../variants/domain/variant.ts'
import { shownPrice, toVariantView, VariantView } from '../../variants/routes/variant-view.ts'
import { PRODUCT_TYPES } from '../domain/product.ts'
import { status } from './product-fields.ts'

const SeoView = z.strictObject({ title: z.string().optional(), description: z.string().optional() })

export const ProductView = z
  .strictObject({
    id: CatalogId,
    name: z.string().meta({ example: 'Aeropress coffee maker' }),
    slug: z.string().meta({ description: 'Names it at /api/products/by-slug', example: 'aeropress-coffee-maker' }),
    description: z.string().meta({ example: 'Brews one to three cups.' }),
    status,
    price: Amount.meta({ description: 'The lowest price of its variants, as they show it' }),
    price_range: z.strictObject({ min: Amount, max: Amount }),
    currency: z.string().meta({ example: 'USD' }),
    category: z.string().nullable().meta({ description: 'Name of its primary category', example: 'kitchen' }),
    category_ids: z
      .array(CategoryId)
      .meta({ description: 'Its categories, the primary one first, without those above them', example: [3] }),
    brand: z.string().nullable().meta({ example: 'Aeropress' }),
    type: z.enum(PRODUCT_TYPES).meta({ example: 'physical' }),
    tags: z.array(z.string()).meta({ example: ['new'] }),
    tax_category: z.string().nullable().meta({ example: null }),
    shipping_class: z.string().nullable().meta({ example: null }),
    attributes: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]))
      .meta({ example: { material: ['Steel'] } }),
    seo: SeoView.meta({ example: { title: 'Aeropress' } }),
    image_url: z.string().nullable().meta({ example: 'https://images.example.com/aeropress.jpg' }),
    options: z
      .array(z.strictObject({ name: z.string(), values: z.array(z.string()) }))
      .meta({ description: 'What its variants differ in', example: [{ name: 'size', values: ['S', 'M'] }] }),
    variants: z.array(VariantView).meta({ description: 'At least one, in order' }),
    stock_quantity: z.int().meta({
      description: 'Units that can be bought now, of all variants. Of an only one, it can be set',
      example: 50,
    }),
    in_stock: z.boolean().meta({ description: 'Whether any variant can be bought', example: true }),
    max_per_order: z.int().nullable().meta({ description: 'The most units that one order may have', example: null }),
    translations: z
      .record(
        z.string(),
        z.strictObject({ name: z.string().optional(), description: z.string().optional(), seo: SeoView.optional() }),
      )
      .optional()
      .meta({
        description: 'Shown to staff only: its texts in other languages, by locale',
        example: { de: { name: 'Aeropress-Kaffeebereiter' } },
      }),
    metadata: z.record(z.string(), z.string()).optional().meta({ description: 'Shown to staff only', example: {} }),
    archived_at: Instant.nullable().optional().meta({ description: 'Shown to staff only', example: null }),
    created_at: Instant,
    updated_at: Instant,
    version: z.int().meta({
      description: 'Counts the changes by staff, not the sales. For If-Match, as in the ETag',
      example: 1,
    }),
  })
  .meta({ id: 'Product' })
export type ProductView = z.infer<typeof ProductView>

export const ProductResponse = z.strictObject({ product: ProductView }).meta({ id: 'ProductResponse' })

/** The answer to a write. */
export const ProductWithMessage = z
  .strictObject({ product: ProductView, message: z.string().meta({ example: 'Product created' }) })
  .meta({ id: 'ProductWithMessage' })

/** The product as the caller may see it: metadata and translations are for staff. */
export function toProductView(product: PricedProduct, caller: Caller): ProductView {
  const { variants, currency, min, max } = figuresOf(product, caller)
  return {
    id: product.id,
    name: product.name,
    slug: product.slug,
    description: product.description,
    status: product.status,
    price: min,
    price_range: { min, max },
    currency,
    category: product.category,
    category_ids: product.categoryIds,
    brand: product.brand,
    type: product.type,
    tags: product.tags,
    tax_category: product.taxCategory,
    shipping_class: product.shippingClass,
    attributes: attributesOf(product),
    seo: product.seo,
    image_url: product.imageUrl,
    options: product.options,
    variants: variants.map((variant) => toVariantView(variant, caller)),
    stock_quantity: variants.reduce((sum, { available }) => sum + available, 0),
    in_stock: variants.some(isInStock),
    max_per_order: product.maxPerOrder,
    ...(hasScope(caller, 'products:read') ? ofStaff(product) : {}),
    created_at: product.createdAt.toISOString(),
    updated_at: product.updatedAt.toISOString(),
    version: product.version,
  }
}

const ofStaff = ({ translations, metadata, archivedAt }: PricedProduct) => ({
  translations: { ...translations },
  metadata,
  archived_at: archivedAt?.toISOString() ?? null,
})

/** The prices of its variants, which have one currency. */
function figuresOf({ id, variants }: PricedProduct, caller: Caller) {
  const [first] = variants
  if (first === undefined) throw new Error(`Product ${id} has no variant`)
  const prices = variants.map((variant) => shownPrice(variant, caller).price)
  const { currency } = first.shown
  return {
    variants,
    currency,
    min: toMajor(Math.min(...prices), currency),
    max: toMajor(Math.max(...prices), currency),
  }
}

const isList = (value: AttributeValue): value is readonly string[] => Array.isArray(value)

function attributesOf({ attributes }: Pick<PricedProduct, 'attributes'>): ProductView['attributes'] {
  return Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, isList(value) ? [...value] : value]))
}
