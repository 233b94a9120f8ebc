import { expectedVersions, versioned } from '@shop/http/conditional'
import { BEARER, BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { staffOnly } from '@shop/http/staff-only'
import { CatalogIdParam } from '@shop/kernel/ids'
import { Amount, Currency } from '@shop/kernel/money'
import { IfMatchHeader } from '@shop/kernel/versions'
import { z } from 'zod'
import type { CatalogApp } from '../../deps.ts'
import { MAX_STOCK } from '../../stock/domain/level.ts'
import type { ProductChanges } from '../domain/product-changes.ts'
import { updateProduct } from '../update-product.ts'
import { category, categoryIds, description, imageUrl, lowStockThreshold, maxPerOrder, name } from './product-fields.ts'
import { ProductWithMessage, toProductView } from './product-view.ts'

/**
 * What is shown can be above what can be set, since holds that end come on top, and below zero by the policy `continue`.
 * Sent back unchanged, it is accepted.
 */
const shownStock = z.int().optional()

const UpdateProductBody = z
  .strictObject({
    name: name.optional(),
    description: description.optional(),
    price: Amount.optional(),
    currency: Currency.optional(),
    category,
    category_ids: categoryIds,
    image_url: imageUrl.nullable().optional(),
    stock_quantity: shownStock.meta({
      description:
        'Units that can be bought, as the product shows them; units held for open orders stay held beside them. What can ' +
        'be bought already changes nothing',
      example: 50,
    }),
    expected_stock_quantity: shownStock.meta({
      description:
        'The `stock_quantity` that the change was made from. If `stock_quantity` equals it, the stock stays as it is, ' +
        'whatever was sold since; else a stock that has changed since is refused with `stock_changed`',
      example: 47,
    }),
    low_stock_threshold: lowStockThreshold,
    max_per_order: maxPerOrder,
  })
  .refine(
    ({ stock_quantity: stock, expected_stock_quantity: expected }) => expected === undefined || stock !== undefined,
    {
      path: ['stock_quantity'],
      message: 'must be there with expected_stock_quantity',
    },
  )
  .refine(
    ({ stock_quantity: stock = 0, expected_stock_quantity: expected }) => stock <= MAX_STOCK || stock === expected,
    {
      path: ['stock_quantity'],
      message: `must be at most ${MAX_STOCK}`,
    },
  )
  .meta({ id: 'UpdateProductRequest', description: 'Omitted fields stay as they are' })

const route = createRoute({
  method: 'put',
  path: '/api/products/{id}',
  operationId: 'updateProduct',
  tags: ['Products'],
  summary: 'Change a product or set its stock (staff)',
  description:
    'The fields are saved before the stock. If a sale comes between the two, the answer is `stock_changed` and the fields ' +
    'are saved.',
  security: BEARER,
  middleware: staffOnly,
  request: {
    params: z.object({ id: CatalogIdParam }),
    headers: z.object({ 'if-match': IfMatchHeader }),
    body: jsonBody(UpdateProductBody),
  },
  responses: {
    200: json('The product as it is now', ProductWithMessage),
    ...problems(
      ...BODY_PROBLEMS,
      'authentication_required',
      'forbidden',
      'product_not_found',
      'invalid_amount',
      'category_not_found',
      'stock_changed',
      'version_conflict',
    ),
  },
})

export function addUpdateProduct(app: CatalogApp) {
  app.openapi(route, async (c) => {
    const versions = expectedVersions(c)
    if (!versions.ok) return problem(c, versions.failure)
    const { id } = c.req.valid('param')
    const changes = toChanges(c.req.valid('json'))
    const result = await updateProduct(c.get('deps'), c.get('caller'), { id, changes, versions: versions.value })
    if (!result.ok) return problem(c, result.failure.code === 'stock_below_zero' ? BELOW_ZERO : result.failure)
    versioned(c, result.value.version)
    return c.json({ product: toProductView(result.value), message: 'Product updated' }, 200)
  })
}

const BELOW_ZERO = {
  code: 'validation_failed' as const,
  errors: [{ field: 'stock_quantity', message: 'must be 0 or more' }],
}

function toChanges(body: z.output<typeof UpdateProductBody>): ProductChanges {
  const { image_url: imageUrl, stock_quantity: available, expected_stock_quantity: expected, ...rest } = body
  const { low_stock_threshold: lowStockThreshold, max_per_order: maxPerOrder, ...others } = rest
  const { category_ids: categoryIds, ...fields } = others
  const stock = available === undefined ? undefined : { available, expected }
  return { ...fields, categoryIds, imageUrl, stock, lowStockThreshold, maxPerOrder }
}
