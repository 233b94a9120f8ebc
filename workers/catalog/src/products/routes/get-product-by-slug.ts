import { publicAnd } from '@shop/http/access'
import { versioned } from '@shop/http/conditional'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { LocaleParam } from '@shop/kernel/locale'
import { z } from 'zod'
import { readAnswer } from '../../caching/read-answer.ts'
import { keptFailure, keptValue, parserOf, sharedAnswer } from '../../caching/routes/shared-answer.ts'
import { shownLocale } from '../../caching/routes/shown-locale.ts'
import type { CatalogApp } from '../../deps.ts'
import { CurrencyParam } from '../../prices/routes/price-fields.ts'
import { getProductBySlug } from '../get-product-by-slug.ts'
import { answerChangesAt, isKept, toProductAnswer } from './product-answer.ts'
import { ProductResponse } from './product-view.ts'

const SlugParam = z
  .string()
  .regex(/^[a-z0-9-]{1,120}$/, 'must be lower-case letters a to z, digits and hyphens')
  .meta({ description: 'Slug of a product', example: 'aeropress-coffee-maker' })

const route = createRoute({
  method: 'get',
  path: '/api/products/by-slug/{slug}',
  operationId: 'getProductBySlug',
  tags: ['Products'],
  summary: 'Get a product by its slug',
  description: 'A slug that the product had before redirects to its present one.',
  access: publicAnd('products:read'),
  request: { params: z.object({ slug: SlugParam }), query: z.object({ currency: CurrencyParam, locale: LocaleParam }) },
  responses: {
    200: json('The product', ProductResponse),
    301: { description: 'The product has another slug now: `Location` has it' },
    ...problems('validation_failed', 'product_slug_not_found', 'not_sold_in_currency'),
  },
})

const NOT_FOUND = z.object({ code: z.literal('product_slug_not_found'), slug: z.string() })
const parse = parserOf(z.union([keptValue(ProductResponse), keptFailure(NOT_FOUND)]))

export function addGetProductBySlug(app: CatalogApp) {
  app.openapi(route, async (c) => {
    const { deps, caller } = c.var
    const { slug } = c.req.valid('param')
    const { currency, locale: wanted } = c.req.valid('query')
    const locale = shownLocale(c, wanted)
    const load = async () => toProductAnswer(await getProductBySlug(deps, caller, { slug, currency, locale }), caller)
    const key = `slug:${slug}:${currency ?? ''}:${locale ?? ''}`
    const reading = await readAnswer(deps, caller, { key, parse, keeps: isKept, changesAt: answerChangesAt, load })
    const { answer } = reading
    if (!answer.ok) return sharedAnswer(reading, problem(c, answer.failure))
    const { product } = answer.value
    if (product.slug !== slug) {
      const { search } = new URL(c.req.url)
      return sharedAnswer(reading, c.redirect(`/api/products/by-slug/${product.slug}${search}`, 301))
    }
    versioned(c, product.version)
    return sharedAnswer(reading, c.json(answer.value, 200))
  })
}
