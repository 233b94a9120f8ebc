import { PUBLIC_READS } from '@shop/contracts/catalog/public-reads'
import { withoutTrailingSlash } from './upstreams.ts'

/**
 * The one spelling of a public read: its path without a slash at the end and the query parameters that count, sorted by
 * name. Parameters given twice keep their order, since the catalog refuses them. Null for what is no public read.
 */
export function publicReadOf(method: string, url: string): string | null {
  if (method !== 'GET' && method !== 'HEAD') return null
  const { pathname, searchParams } = new URL(url)
  const path = withoutTrailingSlash(pathname)
  const read = PUBLIC_READS.find((candidate) => candidate.path.test(path))
  if (read === undefined) return null
  const counting = new URLSearchParams([...searchParams].filter(([name]) => read.query.includes(name)))
  counting.sort()
  return counting.size === 0 ? path : `${path}?${counting}`
}
