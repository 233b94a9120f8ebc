import { scope } from '@shop/http/access'
import { expectedVersions, versioned } from '@shop/http/conditional'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { IfMatchHeader } from '@shop/kernel/versions'
import { z } from 'zod'
import type { CatalogApp } from '../../deps.ts'
import { setCollectionProducts } from '../set-collection-products.ts'
import { CollectionIdParam, productIds } from './collection-fields.ts'
import { CollectionWithMessage, toCollectionView } from './collection-view.ts'

const SetProductsBody = z.strictObject({ product_ids: productIds }).meta({ id: 'SetCollectionProductsRequest' })

const route = createRoute({
  method: 'put',
  path: '/api/collections/{id}/products',
  operationId: 'setCollectionProducts',
  tags: ['Collections'],
  summary: 'Replace the products of a manual collection, in order (staff)',
  access: scope('products:write'),
  request: {
    params: z.object({ id: CollectionIdParam }),
    headers: z.object({ 'if-match': IfMatchHeader }),
    body: jsonBody(SetProductsBody),
  },
  responses: {
    200: json('The collection as it is now', CollectionWithMessage),
    ...problems(
      ...BODY_PROBLEMS,
      'collection_not_found',
      'collection_not_manual',
      'product_not_found',
      'version_conflict',
    ),
  },
})

export function addSetCollectionProducts(app: CatalogApp) {
  app.openapi(route, async (c) => {
    const { id } = c.req.valid('param')
    const { product_ids: productIds } = c.req.valid('json')
    const caller = c.get('caller')
    const versions = expectedVersions(c)
    if (!versions.ok) return problem(c, versions.failure)
    const request = { id, productIds, versions: versions.value }
    const result = await setCollectionProducts(c.get('deps'), caller, request)
    if (!result.ok) return problem(c, result.failure)
    versioned(c, result.value.version)
    return c.json({ collection: toCollectionView(result.value, caller), message: 'Collection updated' }, 200)
  })
}
