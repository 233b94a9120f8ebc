import { scope } from '@shop/http/access'
import { expectedVersions, versioned } from '@shop/http/conditional'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { KeyHeader, REPLAYED_HEADER } from '@shop/kernel/idempotency'
import { CatalogIdParam } from '@shop/kernel/ids'
import { IfMatchHeader } from '@shop/kernel/versions'
import { z } from 'zod'
import type { CatalogApp } from '../../deps.ts'
import { inFirstCurrency } from '../../prices/domain/priced-product.ts'
import { createVariant } from '../create-variant.ts'
import { toVariantDraft, VariantBody } from './variant-fields.ts'
import { toVariantOfProductView, VariantWithMessage } from './variant-view.ts'

const route = createRoute({
  method: 'post',
  path: '/api/products/{id}/variants',
  operationId: 'createVariant',
  tags: ['Products'],
  summary: 'Add a variant to a product (staff)',
  description:
    'It has one of the declared values for each option of the product, and the currency of the other variants.',
  access: scope('products:write'),
  request: {
    params: z.object({ id: CatalogIdParam }),
    headers: z.object({ ...KeyHeader, 'if-match': IfMatchHeader }),
    body: jsonBody(VariantBody),
  },
  responses: {
    201: json('The created variant', VariantWithMessage),
    ...problems(
      ...BODY_PROBLEMS,
      'product_not_found',
      'invalid_amount',
      'invalid_prices',
      'invalid_variants',
      'too_many_variants',
      'sku_taken',
      'version_conflict',
      'idempotency_key_reused',
      'created_and_deleted',
    ),
  },
})

export function addCreateVariant(app: CatalogApp) {
  app.openapi(route, async (c) => {
    const versions = expectedVersions(c)
    if (!versions.ok) return problem(c, versions.failure)
    const { id: productId } = c.req.valid('param')
    const request = { productId, draft: toVariantDraft(c.req.valid('json')), versions: versions.value }
    const key = c.req.valid('header')['idempotency-key']
    const result = await createVariant(c.get('deps'), c.get('caller'), request, key)
    if (!result.ok) return problem(c, result.failure)
    const { value, replayed } = result.value
    const { product, variant } = value
    versioned(c, product.version)
    if (replayed) c.header(REPLAYED_HEADER, 'true')
    return c.json(
      {
        variant: toVariantOfProductView(product.id, inFirstCurrency(variant, c.get('deps').now()), c.get('caller')),
        message: 'Variant created',
      },
      201,
    )
  })
}
