import { MessageResponse } from '@shop/contracts'
import { BEARER, createRoute, json, problem, problems } from '@shop/http'
import { CatalogIdParam } from '@shop/kernel'
import { z } from 'zod'
import { deleteProduct } from '../operations/delete-product.ts'
import type { CatalogApp } from './catalog-app.ts'
import { staffOnly } from './staff-only.ts'

export const deleteProductRoute = createRoute({
  method: 'delete',
  path: '/api/products/{id}',
  operationId: 'deleteProduct',
  tags: ['Products'],
  summary: 'Take a product off sale (staff)',
  security: BEARER,
  middleware: staffOnly,
  request: { params: z.object({ id: CatalogIdParam }) },
  responses: {
    200: json('It is gone', MessageResponse),
    ...problems('validation_failed', 'authentication_required', 'forbidden', 'product_not_found'),
  },
})

export function addDeleteProduct(app: CatalogApp) {
  app.openapi(deleteProductRoute, async (c) => {
    const result = await deleteProduct(c.get('deps'), c.get('caller'), c.req.valid('param'))
    return result.ok ? c.json({ message: 'Product deleted' }, 200) : problem(c, result.failure)
  })
}
