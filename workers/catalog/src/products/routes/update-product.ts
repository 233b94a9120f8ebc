import { BEARER, BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { staffOnly } from '@shop/http/staff-only'
import { CatalogIdParam } from '@shop/kernel/ids'
import { Amount, Currency } from '@shop/kernel/money'
import { z } from 'zod'
import type { CatalogApp } from '../../deps.ts'
import type { ProductChanges } from '../domain/product-changes.ts'
import { updateProduct } from '../update-product.ts'
import {
  category,
  description,
  imageUrl,
  lowStockThreshold,
  maxPerOrder,
  name,
  stockQuantity,
} from './product-fields.ts'
import { ProductWithMessage, toProductView } from './product-view.ts'

const UpdateProductBody = z
  .strictObject({
    name: name.optional(),
    description: description.optional(),
    price: Amount.optional(),
    currency: Currency.optional(),
    category: category.nullable().optional(),
    image_url: imageUrl.nullable().optional(),
    stock_quantity: stockQuantity.optional().meta({
      description: 'Sets the units on hand, including those held for open orders. Unchanged when omitted',
      example: 50,
    }),
    low_stock_threshold: lowStockThreshold,
    max_per_order: maxPerOrder,
  })
  .meta({ id: 'UpdateProductRequest', description: 'Omitted fields stay as they are' })

const route = createRoute({
  method: 'put',
  path: '/api/products/{id}',
  operationId: 'updateProduct',
  tags: ['Products'],
  summary: 'Change a product or set its stock (staff)',
  security: BEARER,
  middleware: staffOnly,
  request: { params: z.object({ id: CatalogIdParam }), body: jsonBody(UpdateProductBody) },
  responses: {
    200: json('The product as it is now', ProductWithMessage),
    ...problems(
      ...BODY_PROBLEMS,
      'authentication_required',
      'forbidden',
      'product_not_found',
      'invalid_amount',
      'stock_below_held',
    ),
  },
})

export function addUpdateProduct(app: CatalogApp) {
  app.openapi(route, async (c) => {
    const { id } = c.req.valid('param')
    const changes = toChanges(c.req.valid('json'))
    const result = await updateProduct(c.get('deps'), c.get('caller'), { id, changes })
    if (!result.ok) return problem(c, result.failure)
    return c.json({ product: toProductView(result.value), message: 'Product updated' }, 200)
  })
}

function toChanges(body: z.output<typeof UpdateProductBody>): ProductChanges {
  const { image_url: imageUrl, stock_quantity: onHand, ...rest } = body
  const { low_stock_threshold: lowStockThreshold, max_per_order: maxPerOrder, ...fields } = rest
  return { ...fields, imageUrl, onHand, lowStockThreshold, maxPerOrder }
}
