import { PUBLIC_READS } from '@shop/contracts/catalog/public-reads'
import { withoutTrailingSlash } from '../../forwarding/domain/routing.ts'

/**
 * The cache key of a public read: its path without a trailing slash and the query parameters that count, sorted by
 * name. Repeated parameters keep their order, since the catalog refuses them. Undefined for anything but a public read.
 */
export function publicReadOf(method: string, url: string): string | undefined {
  if (method !== 'GET' && method !== 'HEAD') return undefined
  const { pathname, searchParams } = new URL(url)
  const path = withoutTrailingSlash(pathname)
  const read = PUBLIC_READS.find((candidate) => candidate.path.test(path))
  if (read === undefined) return undefined
  const counting = new URLSearchParams([...searchParams].filter(([name]) => read.query.includes(name)))
  counting.sort()
  return counting.size === 0 ? path : `${path}?${counting}`
}
