import { scope } from '@shop/http/access'
import { versioned } from '@shop/http/conditional'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { KeyHeader, REPLAYED_HEADER } from '@shop/kernel/idempotency'
import { MetadataField } from '@shop/kernel/metadata'
import { z } from 'zod'
import type { CatalogApp } from '../../deps.ts'
import { slug } from '../../slugs/routes/slug-field.ts'
import { createCategory } from '../create-category.ts'
import { categoryName, parentId, position } from './category-fields.ts'
import { CategoryWithMessage, toCategoryView } from './category-view.ts'

const CreateCategoryBody = z
  .strictObject({
    name: categoryName,
    slug: slug.optional(),
    parent_id: parentId.optional(),
    position: position.optional(),
    metadata: MetadataField.optional(),
  })
  .meta({ id: 'CreateCategoryRequest' })

const route = createRoute({
  method: 'post',
  path: '/api/categories',
  operationId: 'createCategory',
  tags: ['Categories'],
  summary: 'Create a category (staff)',
  access: scope('products:write'),
  request: { headers: z.object(KeyHeader), body: jsonBody(CreateCategoryBody) },
  responses: {
    201: json('The created category', CategoryWithMessage),
    ...problems(
      ...BODY_PROBLEMS,
      'category_not_found',
      'category_name_taken',
      'category_too_deep',
      'slug_taken',
      'idempotency_key_reused',
      'created_and_deleted',
    ),
  },
})

export function addCreateCategory(app: CatalogApp) {
  app.openapi(route, async (c) => {
    const { parent_id: parentId, ...fields } = c.req.valid('json')
    const caller = c.get('caller')
    const result = await createCategory(
      c.get('deps'),
      caller,
      { ...fields, parentId },
      c.req.valid('header')['idempotency-key'],
    )
    if (!result.ok) return problem(c, result.failure)
    const { value, replayed } = result.value
    versioned(c, value.version)
    if (replayed) c.header(REPLAYED_HEADER, 'true')
    return c.json({ category: toCategoryView(value, caller), message: 'Category created' }, 201)
  })
}
