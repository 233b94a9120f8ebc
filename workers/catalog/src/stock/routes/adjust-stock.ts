import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { REPLAYED_HEADER } from '@shop/kernel/idempotency'
import { CatalogIdParam } from '@shop/kernel/ids'
import { z } from 'zod'
import type { CatalogApp } from '../../deps.ts'
import { adjustStock } from '../adjust-stock.ts'
import { ADJUST, ADJUST_PROBLEMS, ADJUST_REQUEST, AdjustedStock, toAdjustedStock } from './adjust-contract.ts'

const route = createRoute({
  ...ADJUST,
  method: 'post',
  path: '/api/inventory/{product_id}/adjust',
  operationId: 'adjustStock',
  summary: 'Add or remove units of a product with one variant (staff)',
  request: { params: z.object({ product_id: CatalogIdParam }), ...ADJUST_REQUEST },
  responses: {
    200: json('The movement, and the stock after it', AdjustedStock),
    ...problems(...ADJUST_PROBLEMS, 'product_not_found', 'variant_required'),
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
