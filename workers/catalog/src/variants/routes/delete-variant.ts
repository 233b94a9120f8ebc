import { scope } from '@shop/http/access'
import { expectedVersions, versioned } from '@shop/http/conditional'
import { MessageResponse } from '@shop/http/message'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { CatalogIdParam } from '@shop/kernel/ids'
import { IfMatchHeader } from '@shop/kernel/versions'
import { z } from 'zod'
import type { CatalogApp } from '../../deps.ts'
import { deleteVariant } from '../delete-variant.ts'
import { VariantIdParam } from './variant-fields.ts'

const route = createRoute({
  method: 'delete',
  path: '/api/products/{id}/variants/{variant_id}',
  operationId: 'deleteVariant',
  tags: ['Products'],
  summary: 'Remove a variant from a product (staff)',
  description: 'A product keeps its last variant.',
  access: scope('products:write'),
  request: {
    params: z.object({ id: CatalogIdParam, variant_id: VariantIdParam }),
    headers: z.object({ 'if-match': IfMatchHeader }),
  },
  responses: {
    200: json('The variant was removed', MessageResponse),
    ...problems('validation_failed', 'product_not_found', 'variant_not_found', 'last_variant', 'version_conflict'),
  },
})

export function addDeleteVariant(app: CatalogApp) {
  app.openapi(route, async (c) => {
    const versions = expectedVersions(c)
    if (!versions.ok) return problem(c, versions.failure)
    const { id: productId, variant_id: variantId } = c.req.valid('param')
    const request = { productId, variantId, versions: versions.value }
    const result = await deleteVariant(c.get('deps'), c.get('caller'), request)
    if (!result.ok) return problem(c, result.failure)
    versioned(c, result.value.version)
    return c.json({ message: 'Variant deleted' }, 200)
  })
}
