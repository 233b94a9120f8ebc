import { versioned } from '@shop/http/conditional'
import { BEARER, BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { staffOnly } from '@shop/http/staff-only'
import { Amount, Currency } from '@shop/kernel/money'
import { z } from 'zod'
import type { CatalogApp } from '../../deps.ts'
import { createProduct } from '../create-product.ts'
import type { ProductDraft } from '../domain/new-product.ts'
import {
  category,
  categoryIds,
  description,
  imageUrl,
  lowStockThreshold,
  maxPerOrder,
  name,
  stockQuantity,
} from './product-fields.ts'
import { ProductWithMessage, toProductView } from './product-view.ts'

const CreateProductBody = z
  .strictObject({
    name,
    description: description.optional(),
    price: Amount,
    currency: Currency.optional(),
    category,
    category_ids: categoryIds,
    image_url: imageUrl.nullable().optional(),
    stock_quantity: stockQuantity.optional().meta({ description: 'Opening stock; 0 when omitted', example: 50 }),
    low_stock_threshold: lowStockThreshold,
    max_per_order: maxPerOrder,
  })
  .meta({ id: 'CreateProductRequest' })

const route = createRoute({
  method: 'post',
  path: '/api/products',
  operationId: 'createProduct',
  tags: ['Products'],
  summary: 'Create a product with its opening stock (staff)',
  security: BEARER,
  middleware: staffOnly,
  request: { body: jsonBody(CreateProductBody) },
  responses: {
    201: json('The created product', ProductWithMessage),
    ...problems(...BODY_PROBLEMS, 'authentication_required', 'forbidden', 'invalid_amount', 'category_not_found'),
  },
})

export function addCreateProduct(app: CatalogApp) {
  app.openapi(route, async (c) => {
    const result = await createProduct(c.get('deps'), c.get('caller'), toDraft(c.req.valid('json')))
    if (!result.ok) return problem(c, result.failure)
    versioned(c, result.value.version)
    return c.json({ product: toProductView(result.value), message: 'Product created' }, 201)
  })
}

function toDraft(body: z.output<typeof CreateProductBody>): ProductDraft {
  const { image_url: imageUrl, stock_quantity: openingStock, low_stock_threshold: lowStockThreshold, ...rest } = body
  const { category_ids: categoryIds, max_per_order: maxPerOrder, ...fields } = rest
  return { ...fields, categoryIds, imageUrl, openingStock, lowStockThreshold, maxPerOrder }
}
