import { PUBLIC_READS } from '@shop/contracts/catalog/public-reads'
import { withoutTrailingSlash } from '../../forwarding/domain/routing.ts'

/**
 * The cache key of a public read: its path without a trailing slash and its query parameters, sorted by name, without
 * empty filters. Values of a filter that may be repeated are sorted by value, too. Other repeated parameters keep their
 * order, since the catalog refuses them.
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
  const hasPrefix = (name: string) => read.prefixes?.some((prefix) => name.startsWith(prefix)) === true
  if (!named.every(([name]) => read.query.includes(name) || hasPrefix(name))) return undefined
  const isList = (name: string) => read.lists?.includes(name) === true || hasPrefix(name)
  const isUnset = (name: string, value: string) =>
    value === '' && (isList(name) || (read.filters.includes(name) && searchParams.getAll(name).length === 1))
  const given = named.filter(([name, value]) => !isUnset(name, value))
  const inOrder = given.toSorted(
    ([one, value], [other, next]) => compare(one, other) || (isList(one) ? compare(value, next) : 0),
  )
  const counting = new URLSearchParams(inOrder)
  return counting.size === 0 ? path : `${path}?${counting}`
}

const compare = (one: string, other: string) => Number(one > other) - Number(one < other)
