import { scope } from '@shop/http/access'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { NextCursor } from '@shop/kernel/pagination'
import { z } from 'zod'
import type { CatalogApp } from '../../deps.ts'
import { type InventoryDifference, reconcileInventory } from '../reconcile-inventory.ts'
import { AuditBody, checked } from './audit-body.ts'
import { InventoryView, toInventoryView } from './inventory-view.ts'

const StockDifferenceView = z
  .strictObject({
    fault: z.enum(['listing', 'lost', 'books']).meta({
      description:
        '`listing`: another stock was listed, and has been repaired. `lost`: the stock is listed, but its record is lost. ' +
        '`books`: the stock is not the sum of its movements and holds',
      example: 'listing',
    }),
    listed: z.int().meta({ example: 12 }),
    inventory: InventoryView,
    movements_total: z.int().meta({ example: 50 }),
    holds_total: z.int().meta({ example: 3 }),
    repaired: z.boolean().meta({ example: true }),
  })
  .meta({ id: 'StockDifference' })

const ReconciledInventory = z
  .strictObject({ checked, differences: z.array(StockDifferenceView), next_cursor: NextCursor })
  .meta({ id: 'ReconciledInventory' })

const route = createRoute({
  method: 'post',
  path: '/api/inventory/reconcile',
  operationId: 'reconcileInventory',
  tags: ['Products'],
  summary: 'Compare the listed stock of a page of all variants with the stock itself, and repair the listing (staff)',
  description:
    'Call it with `next_cursor` as `cursor` until that is null. It may be repeated, and may run while the shop sells.',
  access: scope('inventory:write'),
  request: { body: jsonBody(AuditBody) },
  responses: {
    200: json('The differences that were found', ReconciledInventory),
    ...problems(...BODY_PROBLEMS, 'invalid_cursor'),
  },
})

export function addReconcileInventory(app: CatalogApp) {
  app.openapi(route, async (c) => {
    const result = await reconcileInventory(c.get('deps'), c.get('caller'), c.req.valid('json'))
    if (!result.ok) return problem(c, result.failure)
    const { checked, differences, nextCursor } = result.value
    return c.json({ checked, differences: differences.map(toDifferenceView), next_cursor: nextCursor }, 200)
  })
}

function toDifferenceView({ listed, audit, mismatch, repaired }: InventoryDifference) {
  return {
    fault: mismatch,
    listed: listed.available,
    inventory: toInventoryView(listed, audit.level),
    movements_total: audit.moved,
    holds_total: audit.held,
    repaired,
  }
}
