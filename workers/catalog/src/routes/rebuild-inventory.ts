import { AuditBody, RebuiltInventory } from '@shop/contracts'
import { BEARER, BODY_PROBLEMS, createRoute, json, jsonBody, problem, problems } from '@shop/http'
import { rebuildListing } from '../operations/rebuild-listing.ts'
import type { CatalogApp } from './catalog-app.ts'
import { staffOnly } from './staff-only.ts'

export const rebuildInventoryRoute = createRoute({
  method: 'post',
  path: '/api/inventory/rebuild',
  operationId: 'rebuildInventory',
  tags: ['Products'],
  summary: 'List the stock of a page of all products anew, as it is (staff)',
  description:
    'Call it with `next_cursor` as `cursor` until that is null. May be repeated, and run while the shop sells.',
  security: BEARER,
  middleware: staffOnly,
  request: { body: jsonBody(AuditBody) },
  responses: {
    200: json('How many were checked and how many were listed otherwise', RebuiltInventory),
    ...problems(...BODY_PROBLEMS, 'authentication_required', 'forbidden', 'invalid_cursor'),
  },
})

export function addRebuildInventory(app: CatalogApp) {
  app.openapi(rebuildInventoryRoute, async (c) => {
    const result = await rebuildListing(c.get('deps'), c.get('caller'), c.req.valid('json'))
    if (!result.ok) return problem(c, result.failure)
    const { checked, rewritten, nextCursor } = result.value
    return c.json({ checked, rewritten, next_cursor: nextCursor }, 200)
  })
}
