import { publicAnd } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import type { Caller } from '@shop/kernel/caller'
import type { CurrencyCode } from '@shop/kernel/currencies'
import { LocaleParam } from '@shop/kernel/locale'
import { Currency } from '@shop/kernel/money'
import { CursorParam, LimitParam, NextCursor } from '@shop/kernel/pagination'
import { ok } from '@shop/kernel/result'
import { filterText } from '@shop/kernel/text'
import { z } from 'zod'
import { answerPage } from '../../caching/routes/answer-page.ts'
import { keptValue, parserOf } from '../../caching/routes/shared-answer.ts'
import { shownLocale } from '../../caching/routes/shown-locale.ts'
import type { CatalogApp } from '../../deps.ts'
import { PRODUCT_STATUSES } from '../../products/domain/product.ts'
import { status } from '../../products/routes/product-fields.ts'
import { ProductView, toProductView } from '../../products/routes/product-view.ts'
import { boundsOf } from '../domain/bounds.ts'
import { SORTS } from '../domain/position.ts'
import { listProducts, type ProductList } from '../list-products.ts'
import { FacetsView, toFacetsView } from './facets-view.ts'
import { ATTRIBUTE, amount, checkNames, namedValues, OPTION, oneOf, repeated } from './list-fields.ts'

const TEXTS = { type: 'array', items: { type: 'string' }, maxItems: 20 } as const

const shape = {
  category: filterText(100).meta({
    type: 'string',
    description: 'Slug or name of a category; what is below it is included',
    example: 'kitchen',
  }),
  collection: filterText(100).meta({
    type: 'string',
    description: 'Slug or id of a collection. A manual one is in its own order unless `sort` is given',
    example: 'summer-sale',
  }),
  search: filterText(200).meta({
    type: 'string',
    description:
      'Words of name, brand, tags, categories, SKUs or description, in any order; the last one may be a beginning. Case ' +
      'and accents do not matter. "Quotes" make a phrase, `or` an alternative, and `-` leaves out. One or two letters, and ' +
      'symbols, find the names that begin with them',
    example: 'coffee',
  }),
  brand: repeated(200).meta({ ...TEXTS, description: 'Repeat it for any of several', example: ['Aeropress'] }),
  tag: repeated(200).meta({ ...TEXTS, description: 'Repeat it for any of several', example: ['sale'] }),
  price_min: amount.meta({
    type: 'number',
    description: 'Of the lowest price of a product, in major units of the currency',
    example: 10,
  }),
  price_max: amount.meta({ type: 'number', description: 'As `price_min`', example: 49.99 }),
  in_stock: oneOf(['true', 'false']).meta({ type: 'boolean', example: true }),
  currency: filterText(10).pipe(Currency.optional()).meta({
    type: 'string',
    description:
      'Only products that are sold in it. Without it, prices are filtered and sorted in the default currency of the shop',
    example: 'USD',
  }),
  sort: oneOf(SORTS).meta({
    type: 'string',
    enum: [...SORTS],
    description:
      'Default: newest. `price` is the lowest price of a product, `-price` the same from high to low; `best_selling` counts ' +
      'the units that were sold and not returned',
    example: 'relevance',
  }),
  status: filterText(20)
    .pipe(status.optional())
    .meta({
      type: 'string',
      enum: [...PRODUCT_STATUSES],
      description: 'Staff only. Default: active',
      example: 'draft',
    }),
  facets: oneOf(['true', 'false']).meta({ type: 'boolean', description: 'Adds `facets`', example: true }),
  total: oneOf(['estimate']).meta({
    type: 'string',
    enum: ['estimate'],
    description: 'Adds `total`',
    example: 'estimate',
  }),
  locale: LocaleParam,
  limit: LimitParam,
  cursor: CursorParam,
}

export const ListProductsQuery = z.object(shape).catchall(repeated(200)).superRefine(checkNames(shape))
type ListProductsQuery = z.output<typeof ListProductsQuery>

const Total = z
  .strictObject({
    count: z.int().meta({ example: 1_234 }),
    is_exact: z.boolean().meta({ description: 'False when there are more than `count` products' }),
  })
  .meta({ id: 'Total' })

const ProductPage = z
  .strictObject({
    products: z.array(ProductView),
    next_cursor: NextCursor,
    corrected: z
      .literal(true)
      .optional()
      .meta({ description: 'The search found nothing; these products have the most similar words' }),
    total: Total.optional(),
    facets: FacetsView.optional(),
  })
  .meta({ id: 'ProductPage' })

const route = createRoute({
  method: 'get',
  path: '/api/products',
  operationId: 'listProducts',
  tags: ['Products'],
  summary: 'List and search products, newest first',
  description:
    'Filters may be combined; a product has to meet all of them. `option.<name>` filters by an option, such as ' +
    '`option.size=M`, and `attribute.<key>` by an attribute that is declared for filtering, such as ' +
    '`attribute.material=Wool`. Both may be repeated for any of several values.',
  access: publicAnd('products:read'),
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
    const currency = query.currency ?? deps.shop.defaultCurrency
    const locale = shownLocale(c, query.locale)
    const load = async () => {
      const list = await listProducts(deps, caller, {
        ...toListQuery(query, boundsOf({ min: query.price_min, max: query.price_max }, currency)),
        locale,
      })
      return list.ok ? { ...ok(toPageView(list.value, caller, currency)), changesAt: list.value.changesAt } : list
    }
    return answerPage(c, { key: `list:${canonical({ ...query, locale })}`, parse, load })
  })
}

/** The query as text: the same for all spellings of it, and different for different queries. */
const canonical = (query: Readonly<Record<string, unknown>>): string =>
  JSON.stringify(
    Object.entries(query)
      .filter(([, value]) => value !== undefined)
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  )

function toListQuery(query: ListProductsQuery, price: ReturnType<typeof boundsOf>): Parameters<typeof listProducts>[2] {
  const { category, collection, search, currency, status, sort, limit, cursor } = query
  return {
    ...{ category, collection, search, currency, status, sort, limit, cursor, price },
    brands: query.brand,
    tags: query.tag,
    isInStock: query.in_stock === undefined ? undefined : query.in_stock === 'true',
    options: namedValues(query, OPTION),
    attributes: namedValues(query, ATTRIBUTE),
    withFacets: query.facets === 'true',
    withTotal: query.total !== undefined,
  }
}

function toPageView(
  { items, nextCursor, isCorrected, total, facets }: ProductList,
  caller: Caller,
  currency: CurrencyCode,
): z.infer<typeof ProductPage> {
  return {
    products: items.map((product) => toProductView(product, caller)),
    next_cursor: nextCursor,
    ...(isCorrected ? { corrected: true } : {}),
    ...(total && { total: { count: total.count, is_exact: total.isExact } }),
    ...(facets && { facets: toFacetsView(facets, currency) }),
  }
}
