import { PUBLIC_READS } from '@shop/contracts/catalog/public-reads'
import { isLanguageTag, type Locales, localeOf } from '@shop/kernel/locale'
import { withoutTrailingSlash } from '../../forwarding/domain/routing.ts'

type PublicRequest = {
  method: string
  url: string
  /** That the client accepts, the one that it prefers first. */
  languages: readonly string[]
  /** Of the shop, the default one first. */
  locales: Locales
}

/**
 * The cache key of a public read: its path without a trailing slash and its query parameters, sorted by name, without
 * empty filters. Values of a filter that may be repeated are sorted by value, too. Other repeated parameters keep their
 * order, since the catalog refuses them. Where texts are translated, `locale` is the one of the shop that fits the
 * request, and absent for the default one.
 *
 * Undefined for anything but a public read, and for one with an unknown parameter, which the catalog refuses by name.
 */
export function publicReadOf({ method, url, languages, locales }: PublicRequest): string | undefined {
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
  const inOrder = (read.isTranslated ? inLocale(given, { languages, locales }) : given).toSorted(
    ([one, value], [other, next]) => compare(one, other) || (isList(one) ? compare(value, next) : 0),
  )
  const counting = new URLSearchParams(inOrder)
  return counting.size === 0 ? path : `${path}?${counting}`
}

/** The parameters with the locale that is shown. One that is malformed or repeated stays: the catalog refuses it. */
function inLocale(
  given: [name: string, value: string][],
  { languages, locales }: Pick<PublicRequest, 'languages' | 'locales'>,
): [name: string, value: string][] {
  const wanted = given.filter(([name]) => name === 'locale').map(([, value]) => value)
  const [locale] = wanted
  if (wanted.length > 1 || (locale !== undefined && !isLanguageTag(locale))) return given
  const shown = localeOf(locales, locale === undefined ? languages : [locale])
  const others = given.filter(([name]) => name !== 'locale')
  return shown === locales[0] ? others : [...others, ['locale', shown]]
}

const compare = (one: string, other: string) => Number(one > other) - Number(one < other)
