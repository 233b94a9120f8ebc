import { BEARER, BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { staffOnly } from '@shop/http/staff-only'
import { KeyHeader, REPLAYED_HEADER } from '@shop/kernel/idempotency'
import { CatalogIdParam } from '@shop/kernel/ids'
import { z } from 'zod'
import type { CatalogApp } from '../../deps.ts'
import { adjustStock } from '../adjust-stock.ts'
import { AdjustedStock, AdjustStockBody, toAdjustedStock } from './adjust-body.ts'

const route = createRoute({
  method: 'post',
  path: '/api/inventory/{product_id}/adjust',
  operationId: 'adjustStock',
  tags: ['Products'],
  summary: 'Add or remove units of a product with one variant (staff)',
  description:
    'Units that are held for open orders cannot be removed, unless the policy of the variant is `continue`. Needs an ' +
    '`Idempotency-Key`, which is kept for good: a repeated request gets the first answer and `Idempotency-Replayed: true`.',
  security: BEARER,
  middleware: staffOnly,
  request: {
    params: z.object({ product_id: CatalogIdParam }),
    // Optional here, because a missing key is another problem than a malformed one.
    headers: z.object(KeyHeader),
    body: jsonBody(AdjustStockBody),
  },
  responses: {
    200: json('The movement, and the stock after it', AdjustedStock),
    ...problems(
      ...BODY_PROBLEMS,
      'authentication_required',
      'forbidden',
      'idempotency_key_required',
      'idempotency_key_reused',
      'product_not_found',
      'variant_required',
      'stock_below_held',
    ),
  },
})

export function addAdjustStock(app: CatalogApp) {
  app.openapi(route, async (c) => {
    const idempotencyKey = c.req.valid('header')['idempotency-key']
    if (idempotencyKey === undefined) return problem(c, { code: 'idempotency_key_required' })
    const { product_id: productId } = c.req.valid('param')
    const adjustment = { productId, idempotencyKey, ...c.req.valid('json') }
    const adjusted = await adjustStock(c.get('deps'), c.get('caller'), adjustment)
    if (!adjusted.ok) return problem(c, adjusted.failure)
    if (adjusted.value.repeated) c.header(REPLAYED_HEADER, 'true')
    return c.json(toAdjustedStock(adjusted.value), 200)
  })
}
