import { BEARER, BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { staffOnly } from '@shop/http/staff-only'
import { KeyHeader, REPLAYED_HEADER } from '@shop/kernel/idempotency'
import { z } from 'zod'
import type { CatalogApp } from '../../deps.ts'
import { adjustVariantStock } from '../adjust-variant-stock.ts'
import { AdjustedStock, AdjustStockBody, toAdjustedStock } from './adjust-body.ts'
import { VariantIdParam } from './inventory-view.ts'

const route = createRoute({
  method: 'post',
  path: '/api/variants/{variant_id}/inventory/adjust',
  operationId: 'adjustVariantStock',
  tags: ['Products'],
  summary: 'Add or remove units of a variant (staff)',
  description:
    'Units that are held for open orders cannot be removed, unless the policy of the variant is `continue`. Needs an ' +
    '`Idempotency-Key`, which is kept for good: a repeated request gets the first answer and `Idempotency-Replayed: true`.',
  security: BEARER,
  middleware: staffOnly,
  request: {
    params: z.object({ variant_id: VariantIdParam }),
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
      'variant_not_found',
      'stock_below_held',
    ),
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
