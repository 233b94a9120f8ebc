import { scope } from '@shop/http/access'
import { expectedVersions } from '@shop/http/conditional'
import { MessageResponse } from '@shop/http/message'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { IfMatchHeader } from '@shop/kernel/versions'
import { z } from 'zod'
import type { CatalogApp } from '../../deps.ts'
import { deleteAttribute } from '../delete-attribute.ts'
import { AttributeIdParam } from './attribute-fields.ts'

const route = createRoute({
  method: 'delete',
  path: '/api/attributes/{id}',
  operationId: 'deleteAttribute',
  tags: ['Attributes'],
  summary: 'Withdraw the declaration of an attribute; products keep their values (staff)',
  access: scope('products:write'),
  request: { params: z.object({ id: AttributeIdParam }), headers: z.object({ 'if-match': IfMatchHeader }) },
  responses: {
    200: json('The declaration was withdrawn', MessageResponse),
    ...problems('validation_failed', 'attribute_not_found', 'version_conflict'),
  },
})

export function addDeleteAttribute(app: CatalogApp) {
  app.openapi(route, async (c) => {
    const versions = expectedVersions(c)
    if (!versions.ok) return problem(c, versions.failure)
    const request = { ...c.req.valid('param'), versions: versions.value }
    const result = await deleteAttribute(c.get('deps'), c.get('caller'), request)
    return result.ok ? c.json({ message: 'Attribute deleted' }, 200) : problem(c, result.failure)
  })
}
