import { scope } from '@shop/http/access'
import { expectedVersions } from '@shop/http/conditional'
import { MessageResponse } from '@shop/http/message'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { IfMatchHeader } from '@shop/kernel/versions'
import { z } from 'zod'
import type { CatalogApp } from '../../deps.ts'
import { deleteCollection } from '../delete-collection.ts'
import { CollectionIdParam } from './collection-fields.ts'

const route = createRoute({
  method: 'delete',
  path: '/api/collections/{id}',
  operationId: 'deleteCollection',
  tags: ['Collections'],
  summary: 'Delete a collection; its products stay (staff)',
  access: scope('products:write'),
  request: { params: z.object({ id: CollectionIdParam }), headers: z.object({ 'if-match': IfMatchHeader }) },
  responses: {
    200: json('The collection was deleted', MessageResponse),
    ...problems('validation_failed', 'collection_not_found', 'version_conflict'),
  },
})

export function addDeleteCollection(app: CatalogApp) {
  app.openapi(route, async (c) => {
    const versions = expectedVersions(c)
    if (!versions.ok) return problem(c, versions.failure)
    const request = { ...c.req.valid('param'), versions: versions.value }
    const result = await deleteCollection(c.get('deps'), c.get('caller'), request)
    return result.ok ? c.json({ message: 'Collection deleted' }, 200) : problem(c, result.failure)
  })
}
