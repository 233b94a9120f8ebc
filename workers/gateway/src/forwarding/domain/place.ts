/**
 * Where a client is, as far as Cloudflare knows: `Berlin, DE`, percent-encoded, since a header carries ASCII only.
 *
 * Source: https://developers.cloudflare.com/workers/runtime-apis/request/#incomingrequestcfproperties
 */
export function placeHeaderOf(cf: unknown): string | undefined {
  if (typeof cf !== 'object' || cf === null) return undefined
  const { city, country }: { city?: unknown; country?: unknown } = cf
  const known = [city, country].filter((part): part is string => typeof part === 'string' && part.isWellFormed())
  return known.length === 0 ? undefined : encodeURIComponent(known.join(', ').slice(0, 100).toWellFormed())
}
