import { scope } from '@shop/http/access'
import { versioned } from '@shop/http/conditional'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { KeyHeader, REPLAYED_HEADER } from '@shop/kernel/idempotency'
import { z } from 'zod'
import type { CatalogApp } from '../../deps.ts'
import { createAttribute } from '../create-attribute.ts'
import { ATTRIBUTE_TYPES } from '../domain/attribute.ts'
import { filterable, key, label, values } from './attribute-fields.ts'
import { AttributeWithMessage, toAttributeView } from './attribute-view.ts'

const CreateAttributeBody = z
  .strictObject({
    key,
    label,
    type: z.enum(ATTRIBUTE_TYPES).meta({ description: 'It never changes', example: 'list' }),
    values: values.optional(),
    filterable: filterable.optional(),
  })
  .refine(({ type, values }) => (type === 'list') === (values !== undefined), {
    path: ['values'],
    message: 'must come with the type list, and with no other',
  })
  .meta({ id: 'CreateAttributeRequest' })

const route = createRoute({
  method: 'post',
  path: '/api/attributes',
  operationId: 'createAttribute',
  tags: ['Attributes'],
  summary: 'Declare an attribute of products (staff)',
  access: scope('products:write'),
  request: { headers: z.object(KeyHeader), body: jsonBody(CreateAttributeBody) },
  responses: {
    201: json('The declared attribute', AttributeWithMessage),
    ...problems(...BODY_PROBLEMS, 'attribute_key_taken', 'idempotency_key_reused', 'created_and_deleted'),
  },
})

export function addCreateAttribute(app: CatalogApp) {
  app.openapi(route, async (c) => {
    const { filterable: isFilterable, ...fields } = c.req.valid('json')
    const result = await createAttribute(
      c.get('deps'),
      c.get('caller'),
      { ...fields, isFilterable },
      c.req.valid('header')['idempotency-key'],
    )
    if (!result.ok) return problem(c, result.failure)
    const { value, replayed } = result.value
    versioned(c, value.version)
    if (replayed) c.header(REPLAYED_HEADER, 'true')
    return c.json({ attribute: toAttributeView(value), message: 'Attribute created' }, 201)
  })
}
