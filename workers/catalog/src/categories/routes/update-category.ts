import { scope } from '@shop/http/access'
import { expectedVersions, versioned } from '@shop/http/conditional'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { MetadataPatch } from '@shop/kernel/metadata'
import { IfMatchHeader } from '@shop/kernel/versions'
import { z } from 'zod'
import type { CatalogApp } from '../../deps.ts'
import { slug } from '../../slugs/routes/slug-field.ts'
import { updateCategory } from '../update-category.ts'
import { CategoryIdParam, categoryName, parentId, position } from './category-fields.ts'
import { CategoryWithMessage, toCategoryView } from './category-view.ts'

const UpdateCategoryBody = z
  .strictObject({
    name: categoryName.optional(),
    slug: slug.optional(),
    parent_id: parentId.optional(),
    position: position.optional(),
    metadata: MetadataPatch.optional(),
  })
  .meta({
    id: 'UpdateCategoryRequest',
    description: 'A merge patch (RFC 7396): omitted fields stay as they are. With a parent, it moves with all below it',
  })

const route = createRoute({
  method: 'patch',
  path: '/api/categories/{id}',
  operationId: 'updateCategory',
  tags: ['Categories'],
  summary: 'Change or move a category (staff)',
  access: scope('products:write'),
  request: {
    params: z.object({ id: CategoryIdParam }),
    headers: z.object({ 'if-match': IfMatchHeader }),
    body: jsonBody(UpdateCategoryBody),
  },
  responses: {
    200: json('The category as it is now', CategoryWithMessage),
    ...problems(
      ...BODY_PROBLEMS,
      'category_not_found',
      'category_name_taken',
      'category_cycle',
      'category_too_deep',
      'slug_taken',
      'metadata_too_large',
      'version_conflict',
    ),
  },
})

export function addUpdateCategory(app: CatalogApp) {
  app.openapi(route, async (c) => {
    const { id } = c.req.valid('param')
    const { parent_id: parentId, ...fields } = c.req.valid('json')
    const caller = c.get('caller')
    const versions = expectedVersions(c)
    if (!versions.ok) return problem(c, versions.failure)
    const request = { id, changes: { ...fields, parentId }, versions: versions.value }
    const result = await updateCategory(c.get('deps'), caller, request)
    if (!result.ok) return problem(c, result.failure)
    versioned(c, result.value.version)
    return c.json({ category: toCategoryView(result.value, caller), message: 'Category updated' }, 200)
  })
}
