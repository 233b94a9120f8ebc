import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { CursorParam, type InvalidCursor, NextCursor } from '@shop/kernel/pagination'
import { ok, type Result } from '@shop/kernel/result'
import { z } from 'zod'
import { readAnswer } from '../../caching/read-answer.ts'
import { keptValue, parserOf, sharedAnswer } from '../../caching/routes/shared-answer.ts'
import type { CatalogApp } from '../../deps.ts'
import { listCategories, MAX_TREE_LIMIT } from '../list-categories.ts'
import { CategoryView, toCategoryView } from './category-view.ts'

export const ListCategoriesQuery = z.object({
  limit: z
    .string()
    .regex(/^[0-9]{1,4}$/, 'must be a whole number')
    .transform(Number)
    .refine((limit) => limit >= 1 && limit <= MAX_TREE_LIMIT, `must be from 1 to ${MAX_TREE_LIMIT}`)
    .optional()
    .meta({ type: 'integer', minimum: 1, maximum: MAX_TREE_LIMIT, default: MAX_TREE_LIMIT, example: MAX_TREE_LIMIT }),
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
  request: { query: ListCategoriesQuery },
  responses: {
    200: json('The whole tree, unless it is larger than the limit', CategoryPage),
    ...problems('validation_failed', 'invalid_cursor'),
  },
})

type PageAnswer = Result<z.infer<typeof CategoryPage>, InvalidCursor>

const parse = parserOf(keptValue(CategoryPage))

export function addListCategories(app: CatalogApp) {
  app.openapi(route, async (c) => {
    const deps = c.get('deps')
    const caller = c.get('caller')
    const { limit, cursor } = c.req.valid('query')
    const load = async (): Promise<PageAnswer> => {
      const page = await listCategories(deps, { limit, cursor })
      if (!page.ok) return page
      const { items, nextCursor } = page.value
      return ok({ categories: items.map((category) => toCategoryView(category, caller)), next_cursor: nextCursor })
    }
    const key = `categories:${JSON.stringify([limit, cursor])}`
    const keeps = (answer: PageAnswer) => answer.ok
    const reading = await readAnswer<PageAnswer>(deps, caller, { key, parse, keeps, load })
    const { answer } = reading
    return sharedAnswer(reading, answer.ok ? c.json(answer.value, 200) : problem(c, answer.failure))
  })
}
