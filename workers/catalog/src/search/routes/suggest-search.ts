import { PUBLIC } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { CatalogId } from '@shop/kernel/ids'
import { LocaleParam } from '@shop/kernel/locale'
import { ok } from '@shop/kernel/result'
import { filterText } from '@shop/kernel/text'
import { z } from 'zod'
import { answerPage } from '../../caching/routes/answer-page.ts'
import { keptValue, parserOf } from '../../caching/routes/shared-answer.ts'
import { shownLocale } from '../../caching/routes/shown-locale.ts'
import { CategoryId } from '../../categories/routes/category-fields.ts'
import type { CatalogApp } from '../../deps.ts'
import type { Suggestions } from '../domain/suggestions.ts'
import { suggestSearch } from '../suggest-search.ts'

export const SuggestSearchQuery = z.object({
  q: filterText(200).meta({ type: 'string', description: 'What is typed so far', example: 'cof' }),
  locale: LocaleParam,
})

const SuggestionsView = z
  .strictObject({
    products: z.array(z.strictObject({ id: CatalogId, name: z.string(), image_url: z.string().nullable() })),
    categories: z.array(z.strictObject({ id: CategoryId, slug: z.string(), name: z.string() })),
    brands: z.array(z.string()),
  })
  .meta({ id: 'Suggestions' })

const SuggestResponse = z.strictObject({ suggestions: SuggestionsView }).meta({ id: 'SuggestionsResponse' })

const route = createRoute({
  method: 'get',
  path: '/api/search/suggest',
  operationId: 'suggestSearch',
  tags: ['Search'],
  summary: 'Suggest products, categories and brands while a search is typed',
  access: PUBLIC,
  request: { query: SuggestSearchQuery },
  responses: {
    200: json('At most five of each; none without text', SuggestResponse),
    ...problems('validation_failed'),
  },
})

const parse = parserOf(keptValue(SuggestResponse))

export function addSuggestSearch(app: CatalogApp) {
  app.openapi(route, async (c) => {
    const { q = '', locale: wanted } = c.req.valid('query')
    const locale = shownLocale(c, wanted)
    const load = async () => {
      const suggestions = await suggestSearch(c.get('deps'), q, locale)
      return suggestions.ok ? ok({ suggestions: toView(suggestions.value) }) : suggestions
    }
    return answerPage(c, { key: `suggest:${locale ?? ''}:${q}`, parse, load })
  })
}

const toView = ({ products, categories, brands }: Suggestions): z.infer<typeof SuggestionsView> => ({
  products: products.map(({ id, name, imageUrl }) => ({ id, name, image_url: imageUrl })),
  categories,
  brands,
})
