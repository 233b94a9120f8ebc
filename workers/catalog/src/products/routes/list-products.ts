import { createRoute, json, problems } from '@shop/http/openapi'
import { CursorParam, LimitParam, NextCursor } from '@shop/kernel/pagination'
import { ok } from '@shop/kernel/result'
import { filterText } from '@shop/kernel/text'
import { z } from 'zod'
import { answerPage } from '../../caching/routes/answer-page.ts'
import { keptValue, parserOf } from '../../caching/routes/shared-answer.ts'
import type { CatalogApp } from '../../deps.ts'
import { PRODUCT_STATUSES } from '../domain/product.ts'
import { listProducts } from '../list-products.ts'
import { status } from './product-fields.ts'
import { ProductView, toProductView } from './product-view.ts'

export const ListProductsQuery = z.object({
  category: filterText(100).meta({
    type: 'string',
    description: 'Slug or name of a category; what is below it is included',
    example: 'kitchen',
  }),
  search: filterText(200).meta({
    type: 'string',
    description:
      'Part of a name or description; case does not matter. One or two letters, and symbols, find the names that begin with ' +
      'them',
    example: 'coffee',
  }),
  status: filterText(20)
    .pipe(status.optional())
    .meta({
      type: 'string',
      enum: [...PRODUCT_STATUSES],
      description: 'Staff only. Default: active',
      example: 'draft',
    }),
  limit: LimitParam,
  cursor: CursorParam,
})

const ProductPage = z
  .strictObject({ products: z.array(ProductView), next_cursor: NextCursor })
  .meta({ id: 'ProductPage' })

const route = createRoute({
  method: 'get',
  path: '/api/products',
  operationId: 'listProducts',
  tags: ['Products'],
  summary: 'List and search products, newest first',
  request: { query: ListProductsQuery },
  responses: {
    200: json('A page of products', ProductPage),
    ...problems('validation_failed', 'invalid_cursor', 'forbidden'),
  },
})

const parse = parserOf(keptValue(ProductPage))

export function addListProducts(app: CatalogApp) {
  app.openapi(route, async (c) => {
    const { deps, caller } = c.var
    const query = c.req.valid('query')
    const load = async () => {
      const page = await listProducts(deps, caller, query)
      if (!page.ok) return page
      const { items, nextCursor, changesAt } = page.value
      const products = items.map((product) => toProductView(product, caller))
      return { ...ok({ products, next_cursor: nextCursor }), changesAt }
    }
    const key = `list:${JSON.stringify([query.category, query.search, query.status, query.limit, query.cursor])}`
    return answerPage(c, { key, parse, load })
  })
}
