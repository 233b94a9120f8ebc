import { scope } from '@shop/http/access'
import { expectedVersions } from '@shop/http/conditional'
import { MessageResponse } from '@shop/http/message'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { IfMatchHeader } from '@shop/kernel/versions'
import { z } from 'zod'
import type { CatalogApp } from '../../deps.ts'
import { deleteCategory } from '../delete-category.ts'
import { CategoryIdParam } from './category-fields.ts'

const route = createRoute({
  method: 'delete',
  path: '/api/categories/{id}',
  operationId: 'deleteCategory',
  tags: ['Categories'],
  summary: 'Delete a category without categories below it; its products lose it (staff)',
  access: scope('products:write'),
  request: { params: z.object({ id: CategoryIdParam }), headers: z.object({ 'if-match': IfMatchHeader }) },
  responses: {
    200: json('The category was deleted', MessageResponse),
    ...problems('validation_failed', 'category_not_found', 'category_has_children', 'version_conflict'),
  },
})

export function addDeleteCategory(app: CatalogApp) {
  app.openapi(route, async (c) => {
    const versions = expectedVersions(c)
    if (!versions.ok) return problem(c, versions.failure)
    const request = { ...c.req.valid('param'), versions: versions.value }
    const result = await deleteCategory(c.get('deps'), c.get('caller'), request)
    return result.ok ? c.json({ message: 'Category deleted' }, 200) : problem(c, result.failure)
  })
}
