type PublicRead = {
  /** Without a trailing slash. */
  path: RegExp
  /** All query parameters that it takes. */
  query: readonly string[]
  /** Those of them that count as absent when they are empty. */
  filters: readonly string[]
}

/**
 * Reads that have the same answer for every customer. The gateway may cache their answers, if the catalog's response
 * allows it.
 */
export const PUBLIC_READS: readonly PublicRead[] = [
  {
    path: /^\/api\/products$/,
    query: ['category', 'cursor', 'limit', 'search', 'status'],
    filters: ['category', 'search', 'status'],
  },
  { path: /^\/api\/products\/[1-9]\d{0,15}$/, query: ['currency'], filters: ['currency'] },
  { path: /^\/api\/products\/by-slug\/[a-z0-9-]{1,120}$/, query: ['currency'], filters: ['currency'] },
  { path: /^\/api\/variants$/, query: ['currency', 'sku'], filters: ['currency'] },
  { path: /^\/api\/categories$/, query: ['cursor', 'limit'], filters: [] },
  { path: /^\/api\/categories\/[1-9]\d{0,15}$/, query: [], filters: [] },
  { path: /^\/api\/shop$/, query: [], filters: [] },
  { path: /^\/api\/collections$/, query: ['cursor', 'limit'], filters: [] },
  { path: /^\/api\/collections\/[1-9]\d{0,15}$/, query: [], filters: [] },
  { path: /^\/api\/attributes$/, query: ['cursor', 'limit'], filters: [] },
]
