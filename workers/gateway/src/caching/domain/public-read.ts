import { PUBLIC_READS } from '@shop/contracts/catalog/public-reads'
import { withoutTrailingSlash } from '../../forwarding/domain/routing.ts'

/**
 * The cache key of a public read: its path without a trailing slash and its query parameters, sorted by name, without
 * empty filters. Repeated parameters keep their order, since the catalog refuses them.
 *
 * Undefined for anything but a public read, and for one with an unknown parameter, which the catalog refuses by name.
 */
export function publicReadOf(method: string, url: string): string | undefined {
  if (method !== 'GET' && method !== 'HEAD') return undefined
  const { pathname, searchParams } = new URL(url)
  const path = withoutTrailingSlash(pathname)
  const read = PUBLIC_READS.find((candidate) => candidate.path.test(path))
  if (read === undefined) return undefined
  // Text before the first or between two `&` names nothing.
  const named = [...searchParams].filter(([name]) => name !== '')
  if (!named.every(([name]) => read.query.includes(name))) return undefined
  const isUnset = (name: string, value: string) =>
    value === '' && read.filters.includes(name) && searchParams.getAll(name).length === 1
  const counting = new URLSearchParams(named.filter(([name, value]) => !isUnset(name, value)))
  counting.sort()
  return counting.size === 0 ? path : `${path}?${counting}`
}
