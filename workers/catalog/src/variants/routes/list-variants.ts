import { publicAnd } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { ok } from '@shop/kernel/result'
import { z } from 'zod'
import { answerPage } from '../../caching/routes/answer-page.ts'
import { keptValue, parserOf } from '../../caching/routes/shared-answer.ts'
import type { CatalogApp } from '../../deps.ts'
import { CurrencyParam } from '../../prices/routes/price-fields.ts'
import { listVariants } from '../list-variants.ts'
import { sku } from './variant-fields.ts'
import { toVariantOfProductView, VariantOfProductView } from './variant-view.ts'

const Variants = z.strictObject({ variants: z.array(VariantOfProductView) }).meta({ id: 'Variants' })

const route = createRoute({
  method: 'get',
  path: '/api/variants',
  operationId: 'listVariants',
  tags: ['Products'],
  summary: 'Find a variant by its SKU',
  access: publicAnd('products:read'),
  request: {
    query: z.object({
      sku: sku.meta({ description: 'Exactly as it was written', example: 'TEE-M' }),
      currency: CurrencyParam,
    }),
  },
  responses: {
    200: json('One variant or none', Variants),
    ...problems('validation_failed'),
  },
})

const parse = parserOf(keptValue(Variants))

export function addListVariants(app: CatalogApp) {
  app.openapi(route, async (c) => {
    const { deps, caller } = c.var
    const { sku, currency } = c.req.valid('query')
    const load = async () => {
      const found = await listVariants(deps, caller, { sku, currency })
      if (!found.ok) return found
      const { items, changesAt } = found.value
      const variants = items.map((variant) => toVariantOfProductView(variant.productId, variant, caller))
      return { ...ok({ variants }), changesAt }
    }
    return answerPage(c, { key: `variants:${currency ?? ''}:${sku}`, parse, load })
  })
}
