import { GetInventoryQuery, InventoryResponse } from '@shop/contracts'
import { BEARER_OR_NOTHING, createRoute, json, problem, problems } from '@shop/http'
import { CatalogIdParam } from '@shop/kernel'
import { z } from 'zod'
import { getInventory } from '../operations/get-inventory.ts'
import type { CatalogApp } from './catalog-app.ts'
import { toInventoryView, toMovementView } from './inventory-view.ts'

export const getInventoryRoute = createRoute({
  method: 'get',
  path: '/api/inventory/{product_id}',
  operationId: 'getInventory',
  tags: ['Products'],
  summary: 'Get the stock of a product as it is now; for staff with its movements, newest first',
  security: BEARER_OR_NOTHING,
  request: { params: z.object({ product_id: CatalogIdParam }), query: GetInventoryQuery },
  responses: {
    200: json('The stock', InventoryResponse),
    ...problems('validation_failed', 'invalid_cursor', 'product_not_found'),
  },
})

export function addGetInventory(app: CatalogApp) {
  app.openapi(getInventoryRoute, async (c) => {
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
