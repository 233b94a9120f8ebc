import { ListLowStockQuery, LowStockPage } from '@shop/contracts'
import { BEARER, createRoute, json, problem, problems } from '@shop/http'
import { listLowStock } from '../operations/list-low-stock.ts'
import type { CatalogApp } from './catalog-app.ts'
import { staffOnly } from './staff-only.ts'

export const listLowStockRoute = createRoute({
  method: 'get',
  path: '/api/inventory',
  operationId: 'listLowStock',
  tags: ['Products'],
  summary: 'List products whose stock has reached its threshold (staff)',
  security: BEARER,
  middleware: staffOnly,
  request: { query: ListLowStockQuery },
  responses: {
    200: json('A page of products, by id', LowStockPage),
    ...problems('validation_failed', 'invalid_cursor', 'authentication_required', 'forbidden'),
  },
})

export function addListLowStock(app: CatalogApp) {
  app.openapi(listLowStockRoute, async (c) => {
    const result = await listLowStock(c.get('deps'), c.get('caller'), c.req.valid('query'))
    if (!result.ok) return problem(c, result.failure)
    const inventory = result.value.items.map(({ productId, name, available, threshold }) => ({
      product_id: productId,
      name,
      available,
      low_stock_threshold: threshold,
    }))
    return c.json({ inventory, next_cursor: result.value.nextCursor }, 200)
  })
}
