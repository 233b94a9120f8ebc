import { scope } from '@shop/http/access'
import { expectedVersions, versioned } from '@shop/http/conditional'
import { BODY_PROBLEMS, createRoute, json, mergePatchBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { CatalogIdParam } from '@shop/kernel/ids'
import { IfMatchHeader } from '@shop/kernel/versions'
import { z } from 'zod'
import type { CatalogApp } from '../../deps.ts'
import { inFirstCurrency } from '../../prices/domain/priced-product.ts'
import { BELOW_ZERO } from '../../products/routes/stock-fields.ts'
import { updateVariant } from '../update-variant.ts'
import { toVariantChanges, UpdateVariantBody, VariantIdParam } from './variant-fields.ts'
import { toVariantOfProductView, VariantWithMessage } from './variant-view.ts'

const route = createRoute({
  method: 'patch',
  path: '/api/products/{id}/variants/{variant_id}',
  operationId: 'updateVariant',
  tags: ['Products'],
  summary: 'Change a variant or set its stock (staff)',
  description:
    'The fields are saved before the stock. If a sale comes between the two, the answer is `stock_changed` and the fields ' +
    'are saved.',
  access: scope('products:write'),
  request: {
    params: z.object({ id: CatalogIdParam, variant_id: VariantIdParam }),
    headers: z.object({ 'if-match': IfMatchHeader }),
    body: mergePatchBody(UpdateVariantBody),
  },
  responses: {
    200: json('The variant as it is now', VariantWithMessage),
    ...problems(
      ...BODY_PROBLEMS,
      'product_not_found',
      'variant_not_found',
      'invalid_amount',
      'invalid_prices',
      'invalid_variants',
      'metadata_too_large',
      'sku_taken',
      'stock_changed',
      'version_conflict',
    ),
  },
})

export function addUpdateVariant(app: CatalogApp) {
  app.openapi(route, async (c) => {
    const versions = expectedVersions(c)
    if (!versions.ok) return problem(c, versions.failure)
    const { id: productId, variant_id: variantId } = c.req.valid('param')
    const changes = toVariantChanges(c.req.valid('json'))
    const request = { productId, variantId, changes, versions: versions.value }
    const result = await updateVariant(c.get('deps'), c.get('caller'), request)
    if (!result.ok) return problem(c, result.failure.code === 'stock_below_zero' ? BELOW_ZERO : result.failure)
    const { product, variant } = result.value
    versioned(c, product.version)
    return c.json(
      {
        variant: toVariantOfProductView(product.id, inFirstCurrency(variant, c.get('deps').now()), c.get('caller')),
        message: 'Variant updated',
      },
      200,
    )
  })
}
