import { AuditBody, ReconciledInventory } from '@shop/contracts'
import { BEARER, BODY_PROBLEMS, createRoute, json, jsonBody, problem, problems } from '@shop/http'
import { type Difference, reconcileStock } from '../operations/reconcile-stock.ts'
import type { CatalogApp } from './catalog-app.ts'
import { toInventoryView } from './inventory-view.ts'
import { staffOnly } from './staff-only.ts'

export const reconcileInventoryRoute = createRoute({
  method: 'post',
  path: '/api/inventory/reconcile',
  operationId: 'reconcileInventory',
  tags: ['Products'],
  summary: 'Compare the stock of a page of all products with what is listed, and repair the listing (staff)',
  description:
    'Call it with `next_cursor` as `cursor` until that is null. May be repeated, and run while the shop sells.',
  security: BEARER,
  middleware: staffOnly,
  request: { body: jsonBody(AuditBody) },
  responses: {
    200: json('What was found to differ', ReconciledInventory),
    ...problems(...BODY_PROBLEMS, 'authentication_required', 'forbidden', 'invalid_cursor'),
  },
})

export function addReconcileInventory(app: CatalogApp) {
  app.openapi(reconcileInventoryRoute, async (c) => {
    const result = await reconcileStock(c.get('deps'), c.get('caller'), c.req.valid('json'))
    if (!result.ok) return problem(c, result.failure)
    const { checked, differences, nextCursor } = result.value
    return c.json({ checked, differences: differences.map(toDifferenceView), next_cursor: nextCursor }, 200)
  })
}

function toDifferenceView({ listed, audit, fault, repaired }: Difference) {
  return {
    fault,
    listed: listed.available,
    inventory: toInventoryView(listed.productId, audit.level),
    movements_total: audit.moved,
    holds_total: audit.held,
    repaired,
  }
}
