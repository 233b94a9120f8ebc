import { anyoneAnd } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { z } from 'zod'
import type { CatalogApp } from '../../deps.ts'
import { getVariantInventory } from '../get-variant-inventory.ts'
import { GetInventoryQuery, InventoryResponse, toInventoryResponse } from './inventory-response.ts'
import { VariantIdParam } from './inventory-view.ts'

const route = createRoute({
  method: 'get',
  path: '/api/variants/{variant_id}/inventory',
  operationId: 'getVariantInventory',
  tags: ['Products'],
  summary: 'Get the current stock of a variant; staff also get its movements, newest first',
  access: anyoneAnd('inventory:read'),
  request: { params: z.object({ variant_id: VariantIdParam }), query: GetInventoryQuery },
  responses: {
    200: json('The stock', InventoryResponse),
    ...problems('validation_failed', 'invalid_cursor', 'variant_not_found'),
  },
})

export function addGetVariantInventory(app: CatalogApp) {
  app.openapi(route, async (c) => {
    const { variant_id: variantId } = c.req.valid('param')
    const result = await getVariantInventory(c.get('deps'), c.get('caller'), { variantId, ...c.req.valid('query') })
    return result.ok ? c.json(toInventoryResponse(result.value), 200) : problem(c, result.failure)
  })
}
