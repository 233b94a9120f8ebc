import { scope } from '@shop/http/access'
import { expectedVersions, versioned } from '@shop/http/conditional'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { IfMatchHeader } from '@shop/kernel/versions'
import { z } from 'zod'
import type { CatalogApp } from '../../deps.ts'
import { updateAttribute } from '../update-attribute.ts'
import { AttributeIdParam, filterable, label, values } from './attribute-fields.ts'
import { AttributeWithMessage, toAttributeView } from './attribute-view.ts'

const UpdateAttributeBody = z
  .strictObject({
    label: label.optional(),
    values: values.optional(),
    filterable: filterable.optional(),
  })
  .meta({ id: 'UpdateAttributeRequest', description: 'A merge patch (RFC 7396): omitted fields stay as they are' })

const route = createRoute({
  method: 'patch',
  path: '/api/attributes/{id}',
  operationId: 'updateAttribute',
  tags: ['Attributes'],
  summary: 'Change the declaration of an attribute (staff)',
  access: scope('products:write'),
  request: {
    params: z.object({ id: AttributeIdParam }),
    headers: z.object({ 'if-match': IfMatchHeader }),
    body: jsonBody(UpdateAttributeBody),
  },
  responses: {
    200: json('The attribute as it is now', AttributeWithMessage),
    ...problems(...BODY_PROBLEMS, 'attribute_not_found', 'attribute_has_no_values', 'version_conflict'),
  },
})

export function addUpdateAttribute(app: CatalogApp) {
  app.openapi(route, async (c) => {
    const { id } = c.req.valid('param')
    const { filterable: isFilterable, ...fields } = c.req.valid('json')
    const versions = expectedVersions(c)
    if (!versions.ok) return problem(c, versions.failure)
    const request = { id, changes: { ...fields, isFilterable }, versions: versions.value }
    const result = await updateAttribute(c.get('deps'), c.get('caller'), request)
    if (!result.ok) return problem(c, result.failure)
    versioned(c, result.value.version)
    return c.json({ attribute: toAttributeView(result.value), message: 'Attribute updated' }, 200)
  })
}
