import { scope } from '@shop/http/access'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { NextCursor } from '@shop/kernel/pagination'
import { z } from 'zod'
import type { CatalogApp } from '../../deps.ts'
import { rebuildInventory } from '../rebuild-inventory.ts'
import { AuditBody, checked } from './audit-body.ts'

const RebuiltInventory = z
  .strictObject({
    checked,
    rewritten: z.int().meta({ description: 'Variants whose listed stock was different', example: 3 }),
    next_cursor: NextCursor,
  })
  .meta({ id: 'RebuiltInventory' })

const route = createRoute({
  method: 'post',
  path: '/api/inventory/rebuild',
  operationId: 'rebuildInventory',
  tags: ['Products'],
  summary: 'Rewrite the listed stock of a page of all variants from the stock itself (staff)',
  description:
    'Call it with `next_cursor` as `cursor` until that is null. It may be repeated, and may run while the shop sells.',
  access: scope('inventory:write'),
  request: { body: jsonBody(AuditBody) },
  responses: {
    200: json('How many variants were checked and rewritten', RebuiltInventory),
    ...problems(...BODY_PROBLEMS, 'invalid_cursor'),
  },
})

export function addRebuildInventory(app: CatalogApp) {
  app.openapi(route, async (c) => {
    const result = await rebuildInventory(c.get('deps'), c.get('caller'), c.req.valid('json'))
    if (!result.ok) return problem(c, result.failure)
    const { checked, rewritten, nextCursor } = result.value
    return c.json({ checked, rewritten, next_cursor: nextCursor }, 200)
  })
}
