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
}

const PRODUCT_FILTERS = [
  ...['brand', 'category', 'collection', 'currency', 'facets', 'in_stock'],
  ...['price_max', 'price_min', 'search', 'sort', 'status', 'tag', 'total'],
] as const

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
  },
  { path: /^\/api\/search\/suggest$/, query: ['q'], filters: ['q'] },
  { path: /^\/api\/products\/[1-9]\d{0,15}$/, query: [], filters: [] },
  { path: /^\/api\/products\/by-slug\/[a-z0-9-]{1,120}$/, query: [], filters: [] },
  { path: /^\/api\/variants$/, query: ['sku'], filters: [] },
  { path: /^\/api\/categories$/, query: ['cursor', 'limit'], filters: [] },
  { path: /^\/api\/categories\/[1-9]\d{0,15}$/, query: [], filters: [] },
  { path: /^\/api\/shop$/, query: [], filters: [] },
  { path: /^\/api\/collections$/, query: ['cursor', 'limit'], filters: [] },
  { path: /^\/api\/collections\/[1-9]\d{0,15}$/, query: [], filters: [] },
  { path: /^\/api\/attributes$/, query: ['cursor', 'limit'], filters: [] },
]
