import { CatalogId } from '@shop/kernel/ids'
import { Amount, toMajor } from '@shop/kernel/money'
import { Instant } from '@shop/kernel/text'
import { z } from 'zod'
import { CategoryId } from '../../categories/routes/category-fields.ts'
import type { Product } from '../domain/product.ts'

export const ProductView = z
  .strictObject({
    id: CatalogId,
    name: z.string().meta({ example: 'Aeropress coffee maker' }),
    description: z.string().meta({ example: 'Brews one to three cups.' }),
    price: Amount,
    currency: z.string().meta({ example: 'USD' }),
    category: z.string().nullable().meta({ description: 'Name of its primary category', example: 'kitchen' }),
    category_ids: z
      .array(CategoryId)
      .meta({ description: 'Its categories, the primary one first, without those above them', example: [3] }),
    image_url: z.string().nullable().meta({ example: 'https://images.example.com/aeropress.jpg' }),
    stock_quantity: z
      .int()
      .meta({ description: 'Units that can be bought now. Written with the same meaning', example: 50 }),
    max_per_order: z.int().nullable().meta({ description: 'The most units that one order may have', example: null }),
    created_at: Instant,
    updated_at: Instant,
    version: z.int().meta({
      description: 'Counts the changes by staff, not the sales. For If-Match, as in the ETag',
      example: 1,
    }),
  })
  .meta({ id: 'Product' })
export type ProductView = z.infer<typeof ProductView>

/** The answer to a write. */
export const ProductWithMessage = z
  .strictObject({ product: ProductView, message: z.string().meta({ example: 'Product created' }) })
  .meta({ id: 'ProductWithMessage' })

export function toProductView(product: Product): ProductView {
  return {
    id: product.id,
    name: product.name,
    description: product.description,
    price: toMajor(product.price, product.currency),
    currency: product.currency,
    category: product.category,
    category_ids: product.categoryIds,
    image_url: product.imageUrl,
    stock_quantity: product.available,
    max_per_order: product.maxPerOrder,
    created_at: product.createdAt.toISOString(),
    updated_at: product.updatedAt.toISOString(),
    version: product.version,
  }
}
