/**
 * Reads that have one answer for everybody, by their path without a slash at the end, and the query parameters that make
 * a difference to it. The gateway may keep their answers; which of them, the catalog says with each.
 */
export const PUBLIC_READS: readonly { path: RegExp; query: readonly string[] }[] = [
  { path: /^\/api\/products$/, query: ['category', 'cursor', 'limit', 'search'] },
  { path: /^\/api\/products\/[1-9]\d{0,15}$/, query: [] },
]
