import { parseAccept } from 'hono/utils/accept'

/**
 * The languages of an `Accept-Language` header, the one that is preferred first. `*` ends them: it is the default of the
 * shop, which is shown where nothing else fits.
 */
export function acceptedLanguages(header: string | undefined): string[] {
  if (header === undefined) return []
  const accepted = parseAccept(header).filter(({ q }) => q > 0)
  const any = accepted.findIndex(({ type }) => type === '*')
  return accepted.slice(0, any === -1 ? undefined : any).map(({ type }) => type)
}
