import { scope } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { CatalogId } from '@shop/kernel/ids'
import { CursorParam, LimitParam, NextCursor } from '@shop/kernel/pagination'
import { z } from 'zod'
import type { CatalogApp } from '../../deps.ts'
import { listLowStock } from '../list-low-stock.ts'
import type { LowStockVariant } from '../repository/index.ts'
import { VariantId } from './inventory-view.ts'

const ListLowStockQuery = z.object({
  low: z.literal('true').meta({ description: 'Required: only low stock can be listed', example: 'true' }),
  limit: LimitParam,
  cursor: CursorParam,
})

const LowStockView = z.strictObject({
  product_id: CatalogId,
  variant_id: VariantId,
  sku: z.string().nullable().meta({ example: null }),
  name: z.string().meta({ example: 'Aeropress coffee maker' }),
  available: z.int().meta({ example: 3 }),
  low_stock_threshold: z.int().meta({ example: 5 }),
})

const LowStockPage = z
  .strictObject({ inventory: z.array(LowStockView), next_cursor: NextCursor })
  .meta({ id: 'LowStockPage' })

const route = createRoute({
  method: 'get',
  path: '/api/inventory',
  operationId: 'listLowStock',
  tags: ['Products'],
  summary: 'List variants whose stock has reached its threshold (staff)',
  access: scope('inventory:read'),
  request: { query: ListLowStockQuery },
  responses: {
    200: json('A page of variants, by product', LowStockPage),
    ...problems('validation_failed', 'invalid_cursor'),
  },
})

export function addListLowStock(app: CatalogApp) {
  app.openapi(route, async (c) => {
    const result = await listLowStock(c.get('deps'), c.get('caller'), c.req.valid('query'))
    if (!result.ok) return problem(c, result.failure)
    const { items, nextCursor } = result.value
    return c.json({ inventory: items.map(toLowStockView), next_cursor: nextCursor }, 200)
  })
}

function toLowStockView({ productId, variantId, sku, name, available, threshold }: LowStockVariant) {
  return { product_id: productId, variant_id: variantId, sku, name, available, low_stock_threshold: threshold }
}
