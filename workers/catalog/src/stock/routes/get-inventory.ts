import { BEARER_OR_NOTHING, createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { CatalogIdParam } from '@shop/kernel/ids'
import { CursorParam, LimitParam, NextCursor } from '@shop/kernel/pagination'
import { z } from 'zod'
import type { CatalogApp } from '../../deps.ts'
import { getInventory } from '../get-inventory.ts'
import { InventoryView, MovementView, toInventoryView, toMovementView } from './inventory-view.ts'

const GetInventoryQuery = z.object({ limit: LimitParam, cursor: CursorParam })

const InventoryResponse = z
  .strictObject({
    inventory: InventoryView,
    movements: z.array(MovementView).optional().meta({ description: 'Staff only: newest first' }),
    next_cursor: NextCursor.optional(),
  })
  .meta({ id: 'InventoryResponse' })

const route = createRoute({
  method: 'get',
  path: '/api/inventory/{product_id}',
  operationId: 'getInventory',
  tags: ['Products'],
  summary: 'Get the current stock of a product; staff also get its movements, newest first',
  security: BEARER_OR_NOTHING,
  request: { params: z.object({ product_id: CatalogIdParam }), query: GetInventoryQuery },
  responses: {
    200: json('The stock', InventoryResponse),
    ...problems('validation_failed', 'invalid_cursor', 'product_not_found', 'variant_required'),
  },
})

export function addGetInventory(app: CatalogApp) {
  app.openapi(route, async (c) => {
    const { product_id: productId } = c.req.valid('param')
    const result = await getInventory(c.get('deps'), c.get('caller'), { productId, ...c.req.valid('query') })
    if (!result.ok) return problem(c, result.failure)
    const { level, ledger, lowStockThreshold } = result.value
    if (ledger === undefined) {
      return c.json({ inventory: { product_id: productId, available: level.available } }, 200)
    }
    const movements = ledger.items.map(toMovementView)
    const inventory = { ...toInventoryView(productId, level), low_stock_threshold: lowStockThreshold }
    return c.json({ inventory, movements, next_cursor: ledger.nextCursor }, 200)
  })
}
