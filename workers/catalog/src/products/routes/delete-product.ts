import { scope } from '@shop/http/access'
import { expectedVersions } from '@shop/http/conditional'
import { MessageResponse } from '@shop/http/message'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { CatalogIdParam } from '@shop/kernel/ids'
import { IfMatchHeader } from '@shop/kernel/versions'
import { z } from 'zod'
import type { CatalogApp } from '../../deps.ts'
import { deleteProduct } from '../delete-product.ts'

const route = createRoute({
  method: 'delete',
  path: '/api/products/{id}',
  operationId: 'deleteProduct',
  tags: ['Products'],
  summary: 'Remove a product from sale (staff)',
  access: scope('products:write'),
  request: { params: z.object({ id: CatalogIdParam }), headers: z.object({ 'if-match': IfMatchHeader }) },
  responses: {
    200: json('The product was removed', MessageResponse),
    ...problems('validation_failed', 'product_not_found', 'version_conflict'),
  },
})

export function addDeleteProduct(app: CatalogApp) {
  app.openapi(route, async (c) => {
    const versions = expectedVersions(c)
    if (!versions.ok) return problem(c, versions.failure)
    const { id } = c.req.valid('param')
    const result = await deleteProduct(c.get('deps'), c.get('caller'), { id, versions: versions.value })
    return result.ok ? c.json({ message: 'Product deleted' }, 200) : problem(c, result.failure)
  })
}
