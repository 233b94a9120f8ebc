/**
 * Reads that have the same answer for every customer: the path without a trailing slash, and the query parameters that
 * affect the answer. The gateway may cache their answers, if the catalog's response allows it.
 */
export const PUBLIC_READS: readonly { path: RegExp; query: readonly string[] }[] = [
  { path: /^\/api\/products$/, query: ['category', 'cursor', 'limit', 'search'] },
  { path: /^\/api\/products\/[1-9]\d{0,15}$/, query: [] },
]
