import { publicAnd } from '@shop/http/access'
import { versioned } from '@shop/http/conditional'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { ok } from '@shop/kernel/result'
import { z } from 'zod'
import { readAnswer } from '../../caching/read-answer.ts'
import { keptFailure, keptValue, parserOf, sharedAnswer } from '../../caching/routes/shared-answer.ts'
import type { CatalogApp } from '../../deps.ts'
import { getCategory } from '../get-category.ts'
import { CategoryIdParam } from './category-fields.ts'
import { CategoryResponse, toCategoryView } from './category-view.ts'

const route = createRoute({
  method: 'get',
  path: '/api/categories/{id}',
  operationId: 'getCategory',
  tags: ['Categories'],
  summary: 'Get a category',
  access: publicAnd('products:read'),
  request: { params: z.object({ id: CategoryIdParam }) },
  responses: {
    200: json('The category', CategoryResponse),
    ...problems('validation_failed', 'category_not_found'),
  },
})

const NOT_FOUND = keptFailure(z.object({ code: z.literal('category_not_found'), categoryId: z.int() }))
const parse = parserOf(z.union([keptValue(CategoryResponse), NOT_FOUND]))

export function addGetCategory(app: CatalogApp) {
  app.openapi(route, async (c) => {
    const deps = c.get('deps')
    const caller = c.get('caller')
    const { id } = c.req.valid('param')
    const load = async () => {
      const result = await getCategory(deps, { id })
      return result.ok ? ok({ category: toCategoryView(result.value, caller) }) : result
    }
    const reading = await readAnswer(deps, caller, { key: `category:${id}`, parse, keeps: () => true, load })
    const { answer } = reading
    if (answer.ok) versioned(c, answer.value.category.version)
    return sharedAnswer(reading, answer.ok ? c.json(answer.value, 200) : problem(c, answer.failure))
  })
}
