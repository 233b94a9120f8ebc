import { versioned } from '@shop/http/conditional'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { CatalogIdParam } from '@shop/kernel/ids'
import { ok } from '@shop/kernel/result'
import { z } from 'zod'
import { readAnswer } from '../../caching/read-answer.ts'
import { KEPT_NOT_FOUND, keptValue, parserOf, sharedAnswer } from '../../caching/routes/shared-answer.ts'
import type { CatalogApp } from '../../deps.ts'
import { getProduct } from '../get-product.ts'
import { ProductResponse, toProductView } from './product-view.ts'

const route = createRoute({
  method: 'get',
  path: '/api/products/{id}',
  operationId: 'getProduct',
  tags: ['Products'],
  summary: 'Get a product',
  request: { params: z.object({ id: CatalogIdParam }) },
  responses: {
    200: json('The product', ProductResponse),
    ...problems('validation_failed', 'product_not_found'),
  },
})

const parse = parserOf(z.union([keptValue(ProductResponse), KEPT_NOT_FOUND]))

export function addGetProduct(app: CatalogApp) {
  app.openapi(route, async (c) => {
    const { deps, caller } = c.var
    const { id } = c.req.valid('param')
    const load = async () => {
      const result = await getProduct(deps, caller, { id })
      return result.ok ? ok({ product: toProductView(result.value, caller) }) : result
    }
    const question = { key: `product:${id}`, parse, keeps: () => true, load }
    const reading = await readAnswer(deps, caller, question)
    const { answer } = reading
    if (answer.ok) versioned(c, answer.value.product.version)
    return sharedAnswer(reading, answer.ok ? c.json(answer.value, 200) : problem(c, answer.failure))
  })
}
