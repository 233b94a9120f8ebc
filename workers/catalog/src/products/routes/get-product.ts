import { publicAnd } from '@shop/http/access'
import { versioned } from '@shop/http/conditional'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { CatalogIdParam } from '@shop/kernel/ids'
import { LocaleParam } from '@shop/kernel/locale'
import { z } from 'zod'
import { readAnswer } from '../../caching/read-answer.ts'
import { KEPT_NOT_FOUND, keptValue, parserOf, sharedAnswer } from '../../caching/routes/shared-answer.ts'
import { shownLocale } from '../../caching/routes/shown-locale.ts'
import type { CatalogApp } from '../../deps.ts'
import { CurrencyParam } from '../../prices/routes/price-fields.ts'
import { getProduct } from '../get-product.ts'
import { answerChangesAt, isKept, toProductAnswer } from './product-answer.ts'
import { ProductResponse } from './product-view.ts'

const route = createRoute({
  method: 'get',
  path: '/api/products/{id}',
  operationId: 'getProduct',
  tags: ['Products'],
  summary: 'Get a product',
  access: publicAnd('products:read'),
  request: {
    params: z.object({ id: CatalogIdParam }),
    query: z.object({ currency: CurrencyParam, locale: LocaleParam }),
  },
  responses: {
    200: json('The product', ProductResponse),
    ...problems('validation_failed', 'product_not_found', 'not_sold_in_currency'),
  },
})

const parse = parserOf(z.union([keptValue(ProductResponse), KEPT_NOT_FOUND]))

export function addGetProduct(app: CatalogApp) {
  app.openapi(route, async (c) => {
    const { deps, caller } = c.var
    const { id } = c.req.valid('param')
    const { currency, locale: wanted } = c.req.valid('query')
    const locale = shownLocale(c, wanted)
    const load = async () => toProductAnswer(await getProduct(deps, caller, { id, currency, locale }), caller)
    const key = `product:${id}:${currency ?? ''}:${locale ?? ''}`
    const reading = await readAnswer(deps, caller, { key, parse, keeps: isKept, changesAt: answerChangesAt, load })
    const { answer } = reading
    if (answer.ok) versioned(c, answer.value.product.version)
    return sharedAnswer(reading, answer.ok ? c.json(answer.value, 200) : problem(c, answer.failure))
  })
}
