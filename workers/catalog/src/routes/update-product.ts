import { ProductWithMessage, UpdateProductBody } from '@shop/contracts'
import { BEARER, BODY_PROBLEMS, createRoute, json, jsonBody, problem, problems } from '@shop/http'
import { CatalogIdParam } from '@shop/kernel'
import { z } from 'zod'
import { updateProduct } from '../operations/update-product.ts'
import type { CatalogApp } from './catalog-app.ts'
import { toProductView } from './product-view.ts'
import { staffOnly } from './staff-only.ts'

export const updateProductRoute = createRoute({
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
  app.openapi(updateProductRoute, async (c) => {
    const { id } = c.req.valid('param')
    const result = await updateProduct(c.get('deps'), c.get('caller'), { id, changes: c.req.valid('json') })
    if (!result.ok) return problem(c, result.failure)
    return c.json({ product: toProductView(result.value), message: 'Product updated' }, 200)
  })
}
