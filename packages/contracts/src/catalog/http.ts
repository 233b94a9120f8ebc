import { Amount, CatalogId, Currency, CursorParam, Instant, LimitParam, NextCursor, text } from '@shop/kernel'
import { z } from 'zod'

export const MAX_STOCK = 10 ** 9

const name = text(1, 200)
  .refine((value) => value.trim() !== '', 'must not be blank')
  .meta({ example: 'Aeropress coffee maker' })
const description = text(0, 10_000).meta({ example: 'Brews one to three cups.' })
const category = text(1, 100).meta({ example: 'kitchen' })
const imageUrl = text(1, 2_000)
  .refine((value) => /^https?:$/.test(URL.parse(value)?.protocol ?? ''), 'must be an http or https URL')
  .meta({ format: 'uri', example: 'https://images.example.com/aeropress.jpg' })
const stockQuantity = z.int().min(0).max(MAX_STOCK).meta({ example: 50 })

const lowStockThreshold = z.int().min(0).max(MAX_STOCK).nullable().optional().meta({
  description: 'Stock is low once so many units or fewer can be bought; null when that is of no interest',
  example: 5,
})

export const CreateProductBody = z
  .strictObject({
    name,
    description: description.optional(),
    price: Amount,
    currency: Currency.optional(),
    category: category.nullable().optional(),
    image_url: imageUrl.nullable().optional(),
    stock_quantity: stockQuantity.optional().meta({ description: 'Opening stock; 0 when omitted', example: 50 }),
    low_stock_threshold: lowStockThreshold,
  })
  .meta({ id: 'CreateProductRequest' })
export type CreateProductBody = z.output<typeof CreateProductBody>

export const UpdateProductBody = z
  .strictObject({
    name: name.optional(),
    description: description.optional(),
    price: Amount.optional(),
    currency: Currency.optional(),
    category: category.nullable().optional(),
    image_url: imageUrl.nullable().optional(),
    stock_quantity: stockQuantity.optional().meta({
      description: 'Sets what is on hand; units held for open orders are part of it. Left alone when omitted',
      example: 50,
    }),
    low_stock_threshold: lowStockThreshold,
  })
  .meta({ id: 'UpdateProductRequest', description: 'Fields left out stay as they are' })
export type UpdateProductBody = z.output<typeof UpdateProductBody>

export const ProductView = z
  .strictObject({
    id: CatalogId,
    name: z.string().meta({ example: 'Aeropress coffee maker' }),
    description: z.string().meta({ example: 'Brews one to three cups.' }),
    price: Amount,
    currency: z.string().meta({ example: 'USD' }),
    category: z.string().nullable().meta({ example: 'kitchen' }),
    image_url: z.string().nullable().meta({ example: 'https://images.example.com/aeropress.jpg' }),
    stock_quantity: z.int().meta({ description: 'Units that can be bought now', example: 50 }),
    created_at: Instant,
    updated_at: Instant,
  })
  .meta({ id: 'Product' })
export type ProductView = z.infer<typeof ProductView>

export const ProductResponse = z.strictObject({ product: ProductView }).meta({ id: 'ProductResponse' })
export const ProductWithMessage = z
  .strictObject({ product: ProductView, message: z.string().meta({ example: 'Product created' }) })
  .meta({ id: 'ProductWithMessage' })
export const MessageResponse = z.strictObject({ message: z.string() }).meta({ id: 'Message' })

export const ListProductsQuery = z.object({
  category: text(1, 100).optional().meta({ example: 'kitchen' }),
  search: text(1, 200).optional().meta({ description: 'Part of a name or description; any case', example: 'coffee' }),
  limit: LimitParam,
  cursor: CursorParam,
})

export const ProductPage = z
  .strictObject({ products: z.array(ProductView), next_cursor: NextCursor })
  .meta({ id: 'ProductPage' })
