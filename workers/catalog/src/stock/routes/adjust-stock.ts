import { BEARER, BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { staffOnly } from '@shop/http/staff-only'
import { KeyHeader, REPLAYED_HEADER } from '@shop/kernel/idempotency'
import { CatalogIdParam } from '@shop/kernel/ids'
import { text } from '@shop/kernel/text'
import { z } from 'zod'
import type { CatalogApp } from '../../deps.ts'
import { adjustStock } from '../adjust-stock.ts'
import { MAX_STOCK } from '../domain/level.ts'
import { ADJUSTMENT_REASONS } from '../domain/movement.ts'
import { InventoryView, MovementView, toInventoryView, toMovementView } from './inventory-view.ts'

const AdjustStockBody = z
  .strictObject({
    delta: z
      .int()
      .min(-MAX_STOCK)
      .max(MAX_STOCK)
      .refine((delta) => delta !== 0, 'must not be 0')
      .meta({ description: 'Units to add or, when negative, to remove; not 0', example: 20 }),
    reason: z.enum(ADJUSTMENT_REASONS).meta({
      description: '`receive` and `return` add units, `damage` removes units, `correct` does either',
      example: 'receive',
    }),
    note: text(1, 500).meta({ example: 'Delivery note 4711' }).optional(),
  })
  .refine(({ delta, reason }) => reason === 'correct' || delta > 0 === (reason !== 'damage'), {
    path: ['delta'],
    message: 'must be above 0 for receive and return, and below 0 for damage',
  })
  .meta({ id: 'AdjustStockRequest' })

const AdjustedStock = z
  .strictObject({
    inventory: InventoryView.meta({ description: 'The stock after the movement' }),
    movement: MovementView,
  })
  .meta({ id: 'AdjustedStock' })

const route = createRoute({
  method: 'post',
  path: '/api/inventory/{product_id}/adjust',
  operationId: 'adjustStock',
  tags: ['Products'],
  summary: 'Add or remove units of a product (staff)',
  description:
    'Units that are held for open orders cannot be removed. Needs an `Idempotency-Key`, which is kept for good: a ' +
    'repeated request gets the first answer and `Idempotency-Replayed: true`.',
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
    const { movement, repeated } = adjusted.value
    if (repeated) c.header(REPLAYED_HEADER, 'true')
    return c.json({ inventory: toInventoryView(productId, movement), movement: toMovementView(movement) }, 200)
  })
}
