import { anyoneAnd } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { CatalogIdParam } from '@shop/kernel/ids'
import { z } from 'zod'
import type { CatalogApp } from '../../deps.ts'
import { getInventory } from '../get-inventory.ts'
import { GetInventoryQuery, InventoryResponse, toInventoryResponse } from './inventory-response.ts'

const route = createRoute({
  method: 'get',
  path: '/api/inventory/{product_id}',
  operationId: 'getInventory',
  tags: ['Products'],
  summary: 'Get the current stock of a product; staff also get its movements, newest first',
  description: 'For a product with one variant. With several, ask for the inventory of a variant.',
  access: anyoneAnd('inventory:read'),
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
    return result.ok ? c.json(toInventoryResponse(result.value), 200) : problem(c, result.failure)
  })
}
