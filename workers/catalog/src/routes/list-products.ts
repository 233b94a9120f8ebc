import { ListProductsQuery, ProductPage } from '@shop/contracts'
import { createRoute, json, problem, problems } from '@shop/http'
import { type InvalidCursor, ok, type Result } from '@shop/kernel'
import type { z } from 'zod'
import { listProducts } from '../operations/list-products.ts'
import { readAnswer } from '../operations/read-answer.ts'
import type { CatalogApp } from './catalog-app.ts'
import { toProductView } from './product-view.ts'
import { keptValue, parserOf, sharedAnswer } from './shared-answer.ts'

export const listProductsRoute = createRoute({
  method: 'get',
  path: '/api/products',
  operationId: 'listProducts',
  tags: ['Products'],
  summary: 'List and search products, newest first',
  request: { query: ListProductsQuery },
  responses: {
    200: json('A page of products', ProductPage),
    ...problems('validation_failed', 'invalid_cursor'),
  },
})

type PageAnswer = Result<z.infer<typeof ProductPage>, InvalidCursor>

const parse = parserOf(keptValue(ProductPage))

export function addListProducts(app: CatalogApp) {
  app.openapi(listProductsRoute, async (c) => {
    const deps = c.get('deps')
    const query = c.req.valid('query')
    const load = async (): Promise<PageAnswer> => {
      const page = await listProducts(deps, query)
      if (!page.ok) return page
      const { items, nextCursor } = page.value
      return ok({ products: items.map(toProductView), next_cursor: nextCursor })
    }
    const key = `list:${JSON.stringify([query.category, query.search, query.limit, query.cursor])}`
    const reading = await readAnswer<PageAnswer>(deps, c.get('caller'), {
      key,
      parse,
      keeps: ({ ok: isFound }) => isFound,
      load,
    })
    const { answer } = reading
    return sharedAnswer(reading, answer.ok ? c.json(answer.value, 200) : problem(c, answer.failure))
  })
}
