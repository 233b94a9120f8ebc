import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { REPLAYED_HEADER } from '@shop/kernel/idempotency'
import { z } from 'zod'
import type { CatalogApp } from '../../deps.ts'
import { adjustVariantStock } from '../adjust-variant-stock.ts'
import { ADJUST, ADJUST_PROBLEMS, ADJUST_REQUEST, AdjustedStock, toAdjustedStock } from './adjust-contract.ts'
import { VariantIdParam } from './inventory-view.ts'

const route = createRoute({
  ...ADJUST,
  method: 'post',
  path: '/api/variants/{variant_id}/inventory/adjust',
  operationId: 'adjustVariantStock',
  summary: 'Add or remove units of a variant (staff)',
  request: { params: z.object({ variant_id: VariantIdParam }), ...ADJUST_REQUEST },
  responses: {
    200: json('The movement, and the stock after it', AdjustedStock),
    ...problems(...ADJUST_PROBLEMS, 'variant_not_found'),
  },
})

export function addAdjustVariantStock(app: CatalogApp) {
  app.openapi(route, async (c) => {
    const idempotencyKey = c.req.valid('header')['idempotency-key']
    if (idempotencyKey === undefined) return problem(c, { code: 'idempotency_key_required' })
    const { variant_id: variantId } = c.req.valid('param')
    const adjustment = { variantId, idempotencyKey, ...c.req.valid('json') }
    const adjusted = await adjustVariantStock(c.get('deps'), c.get('caller'), adjustment)
    if (!adjusted.ok) return problem(c, adjusted.failure)
    if (adjusted.value.repeated) c.header(REPLAYED_HEADER, 'true')
    return c.json(toAdjustedStock(adjusted.value), 200)
  })
}
