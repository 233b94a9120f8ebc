type PublicRead = {
  /** Without a trailing slash. */
  path: RegExp
  /** All query parameters that it takes. */
  query: readonly string[]
  /** Those of them that count as absent when they are empty. */
  filters: readonly string[]
  /** Those of the filters that may be repeated, for any of several values in any order. */
  lists?: readonly string[]
  /** How the names of further filters begin, which may be repeated, too. */
  prefixes?: readonly string[]
  /** Whether its texts are in the language that the client asks for, by `locale` or by its header. */
  isTranslated?: boolean
}

const PRODUCT_FILTERS = [
  ...['brand', 'category', 'collection', 'currency', 'facets', 'in_stock', 'locale'],
  ...['price_max', 'price_min', 'search', 'sort', 'status', 'tag', 'total'],
] as const

const ONE_PRODUCT = { query: ['currency', 'locale'], filters: ['currency', 'locale'], isTranslated: true }

/**
 * Reads that have the same answer for every customer. The gateway may cache their answers, if the catalog's response
 * allows it.
 */
export const PUBLIC_READS: readonly PublicRead[] = [
  {
    path: /^\/api\/products$/,
    query: ['cursor', 'limit', ...PRODUCT_FILTERS],
    filters: PRODUCT_FILTERS,
    lists: ['brand', 'tag'],
    prefixes: ['attribute.', 'option.'],
    isTranslated: true,
  },
  { path: /^\/api\/search\/suggest$/, query: ['locale', 'q'], filters: ['locale', 'q'], isTranslated: true },
  { path: /^\/api\/products\/[1-9]\d{0,15}$/, ...ONE_PRODUCT },
  { path: /^\/api\/products\/by-slug\/[a-z0-9-]{1,120}$/, ...ONE_PRODUCT },
  { path: /^\/api\/variants$/, query: ['currency', 'sku'], filters: ['currency'] },
  { path: /^\/api\/categories$/, query: ['cursor', 'limit'], filters: [] },
  { path: /^\/api\/categories\/[1-9]\d{0,15}$/, query: [], filters: [] },
  { path: /^\/api\/shop$/, query: [], filters: [] },
  { path: /^\/api\/collections$/, query: ['cursor', 'limit'], filters: [] },
  { path: /^\/api\/collections\/[1-9]\d{0,15}$/, query: [], filters: [] },
  { path: /^\/api\/attributes$/, query: ['cursor', 'limit'], filters: [] },
]
