import { AdjustedStock, AdjustStockBody } from '@shop/contracts'
import { BEARER, BODY_PROBLEMS, createRoute, json, jsonBody, problem, problems } from '@shop/http'
import { CatalogIdParam, IdempotencyKeyHeader } from '@shop/kernel'
import { z } from 'zod'
import { adjustStock } from '../operations/adjust-stock.ts'
import type { CatalogApp } from './catalog-app.ts'
import { toInventoryView, toMovementView } from './inventory-view.ts'
import { staffOnly } from './staff-only.ts'

export const adjustStockRoute = createRoute({
  method: 'post',
  path: '/api/inventory/{product_id}/adjust',
  operationId: 'adjustStock',
  tags: ['Products'],
  summary: 'Add units of a product or take some away (staff)',
  description:
    'Units that are held for open orders cannot be taken away. Needs an `Idempotency-Key`, which is kept for good: a ' +
    'repeated request gets the first answer and `Idempotency-Replayed: true`.',
  security: BEARER,
  middleware: staffOnly,
  request: {
    params: z.object({ product_id: CatalogIdParam }),
    // Optional here, since a key that is missing is another problem than one that is malformed.
    headers: z.object({ 'idempotency-key': IdempotencyKeyHeader.optional() }),
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
      'stock_below_held',
    ),
  },
})

export function addAdjustStock(app: CatalogApp) {
  app.openapi(adjustStockRoute, async (c) => {
    const idempotencyKey = c.req.valid('header')['idempotency-key']
    if (idempotencyKey === undefined) return problem(c, { code: 'idempotency_key_required' })
    const { product_id: productId } = c.req.valid('param')
    const adjustment = { productId, idempotencyKey, ...c.req.valid('json') }
    const adjusted = await adjustStock(c.get('deps'), c.get('caller'), adjustment)
    if (!adjusted.ok) return problem(c, adjusted.failure)
    const { movement, repeated } = adjusted.value
    if (repeated) c.header('Idempotency-Replayed', 'true')
    return c.json({ inventory: toInventoryView(productId, movement), movement: toMovementView(movement) }, 200)
  })
}
