import { CreateProductBody, ProductWithMessage } from '@shop/contracts'
import { BEARER, BODY_PROBLEMS, createRoute, json, jsonBody, problem, problems } from '@shop/http'
import { createProduct } from '../operations/create-product.ts'
import type { CatalogApp } from './catalog-app.ts'
import { toProductView } from './product-view.ts'
import { staffOnly } from './staff-only.ts'

export const createProductRoute = createRoute({
  method: 'post',
  path: '/api/products',
  operationId: 'createProduct',
  tags: ['Products'],
  summary: 'Create a product with its opening stock (staff)',
  security: BEARER,
  middleware: staffOnly,
  request: { body: jsonBody(CreateProductBody) },
  responses: {
    201: json('The product as it was saved', ProductWithMessage),
    ...problems(...BODY_PROBLEMS, 'authentication_required', 'forbidden', 'invalid_amount'),
  },
})

export function addCreateProduct(app: CatalogApp) {
  app.openapi(createProductRoute, async (c) => {
    const result = await createProduct(c.get('deps'), c.get('caller'), c.req.valid('json'))
    if (!result.ok) return problem(c, result.failure)
    return c.json({ product: toProductView(result.value), message: 'Product created' }, 201)
  })
}
