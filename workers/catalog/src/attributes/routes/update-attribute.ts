import { expectedVersions, versioned } from '@shop/http/conditional'
import { BEARER, BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { staffOnly } from '@shop/http/staff-only'
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
  security: BEARER,
  middleware: staffOnly,
  request: { params: z.object({ id: AttributeIdParam }), body: jsonBody(UpdateAttributeBody) },
  responses: {
    200: json('The attribute as it is now', AttributeWithMessage),
    ...problems(
      ...BODY_PROBLEMS,
      'authentication_required',
      'forbidden',
      'attribute_not_found',
      'attribute_has_no_values',
      'version_conflict',
    ),
  },
})

export function addUpdateAttribute(app: CatalogApp) {
  app.openapi(route, async (c) => {
    const { id } = c.req.valid('param')
    const { filterable: isFilterable, ...fields } = c.req.valid('json')
    const expected = expectedVersions(c)
    if (!expected.ok) return problem(c, expected.failure)
    const request = { id, changes: { ...fields, isFilterable }, expected: expected.value }
    const result = await updateAttribute(c.get('deps'), c.get('caller'), request)
    if (!result.ok) return problem(c, result.failure)
    versioned(c, result.value.version)
    return c.json({ attribute: toAttributeView(result.value), message: 'Attribute updated' }, 200)
  })
}
