import { scope } from '@shop/http/access'
import { expectedVersions, versioned } from '@shop/http/conditional'
import { BODY_PROBLEMS, createRoute, json, jsonBody, mergePatchBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { CatalogIdParam } from '@shop/kernel/ids'
import { Amount } from '@shop/kernel/money'
import { IfMatchHeader } from '@shop/kernel/versions'
import { z } from 'zod'
import type { CatalogApp } from '../../deps.ts'
import { productInFirstCurrency } from '../../prices/domain/priced-product.ts'
import { productOptions } from '../../variants/routes/variant-fields.ts'
import type { ProductChanges } from '../domain/product-changes.ts'
import { updateProduct } from '../update-product.ts'
import { CHANGED_FIELDS, COMMON_FIELDS, toCommonFields } from './product-fields.ts'
import { ProductWithMessage, toProductView } from './product-view.ts'
import { BELOW_ZERO, lowStockThreshold, stockChange } from './stock-fields.ts'

const UpdateProductBody = stockChange({
  ...CHANGED_FIELDS,
  ...COMMON_FIELDS,
  price: Amount.optional(),
  low_stock_threshold: lowStockThreshold,
  options: productOptions.optional(),
}).meta({
  id: 'UpdateProductRequest',
  description:
    'A merge patch (RFC 7396): omitted fields stay as they are. Price, stock and threshold are those of an only variant; ' +
    'variants are changed by themselves',
})

const shared = {
  tags: ['Products'],
  description:
    'The fields are saved before the stock. If a sale comes between the two, the answer is `stock_changed` and the fields ' +
    'are saved. An archived product changes only with its `status`.',
  access: scope('products:write'),
  responses: {
    200: json('The product as it is now', ProductWithMessage),
    ...problems(
      ...BODY_PROBLEMS,
      'product_not_found',
      'variant_required',
      'invalid_amount',
      'invalid_prices',
      'invalid_variants',
      'invalid_attributes',
      'invalid_translations',
      'metadata_too_large',
      'category_not_found',
      'slug_taken',
      'stock_changed',
      'version_conflict',
    ),
  },
}

const request = {
  params: z.object({ id: CatalogIdParam }),
  headers: z.object({ 'if-match': IfMatchHeader }),
}

const put = createRoute({
  ...shared,
  method: 'put',
  path: '/api/products/{id}',
  operationId: 'updateProduct',
  summary: 'Change a product or set its stock (staff)',
  request: { ...request, body: jsonBody(UpdateProductBody) },
})

const patch = createRoute({
  ...shared,
  method: 'patch',
  path: '/api/products/{id}',
  operationId: 'patchProduct',
  summary: 'Change a product or set its stock, by a merge patch (staff)',
  request: { ...request, body: mergePatchBody(UpdateProductBody) },
})

/** Both do the same: an omitted field stayed as it was already when there was only PUT. */
export function addUpdateProduct(app: CatalogApp) {
  for (const route of [put, patch] as const) {
    app.openapi(route, async (c) => {
      const versions = expectedVersions(c)
      if (!versions.ok) return problem(c, versions.failure)
      const { id } = c.req.valid('param')
      const caller = c.get('caller')
      const changes = toChanges(c.req.valid('json'))
      const result = await updateProduct(c.get('deps'), caller, { id, changes, versions: versions.value })
      if (!result.ok) return problem(c, result.failure.code === 'stock_below_zero' ? BELOW_ZERO : result.failure)
      versioned(c, result.value.version)
      return c.json(
        {
          product: toProductView(productInFirstCurrency(result.value, c.get('deps').now()), caller),
          message: 'Product updated',
        },
        200,
      )
    })
  }
}

function toChanges(body: z.output<typeof UpdateProductBody>): ProductChanges {
  const { name, attributes, seo, translations, metadata, options, price } = body
  const { stock_quantity: available, expected_stock_quantity: expected } = body
  return {
    ...toCommonFields(body),
    ...{ name, attributes, seo, translations, metadata, options, price },
    lowStockThreshold: body.low_stock_threshold,
    stock: available === undefined ? undefined : { available, expected },
  }
}
