import { publicAnd } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { CursorParam, limitParam, NextCursor } from '@shop/kernel/pagination'
import { ok } from '@shop/kernel/result'
import { z } from 'zod'
import { answerPage } from '../../caching/routes/answer-page.ts'
import { keptValue, parserOf } from '../../caching/routes/shared-answer.ts'
import type { CatalogApp } from '../../deps.ts'
import { listCategories, MAX_TREE_LIMIT } from '../list-categories.ts'
import { CategoryView, toCategoryView } from './category-view.ts'

export const ListCategoriesQuery = z.object({
  limit: limitParam(MAX_TREE_LIMIT, MAX_TREE_LIMIT),
  cursor: CursorParam,
})

const CategoryPage = z
  .strictObject({ categories: z.array(CategoryView), next_cursor: NextCursor })
  .meta({ id: 'CategoryPage' })

const route = createRoute({
  method: 'get',
  path: '/api/categories',
  operationId: 'listCategories',
  tags: ['Categories'],
  summary: 'List the tree of categories, each before those below it',
  access: publicAnd('products:read'),
  request: { query: ListCategoriesQuery },
  responses: {
    200: json('The whole tree, unless it is larger than the limit', CategoryPage),
    ...problems('validation_failed', 'invalid_cursor'),
  },
})

const parse = parserOf(keptValue(CategoryPage))

export function addListCategories(app: CatalogApp) {
  app.openapi(route, async (c) => {
    const deps = c.get('deps')
    const caller = c.get('caller')
    const { limit, cursor } = c.req.valid('query')
    const load = async () => {
      const page = await listCategories(deps, { limit, cursor })
      if (!page.ok) return page
      const { items, nextCursor } = page.value
      return ok({ categories: items.map((category) => toCategoryView(category, caller)), next_cursor: nextCursor })
    }
    const key = `categories:${JSON.stringify([limit, cursor])}`
    return answerPage(c, { key, parse, load })
  })
}
