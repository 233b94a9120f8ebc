/** etagc of RFC 9110, section 8.8.3: printable ASCII without the quote, and what was once Latin-1. */
const OPAQUE = String.raw`[\x21\x23-\x7e\x80-\xff]*`
const TAG = `(?:W/)?"${OPAQUE}"`
const TAG_LIST = new RegExp(String.raw`^[ \t,]*${TAG}(?:[ \t]*,[ \t,]*${TAG})*[ \t,]*$`)
const TAGS = new RegExp(`"(${OPAQUE})"`, 'g')

/**
 * A strong entity tag (RFC 9110, section 8.8.3): equal for equal bytes, wherever it is computed. The tag of a resource
 * with a version begins with the version, `"7-1f9a…"`.
 */
export async function entityTag(body: string, version?: number): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-1', new TextEncoder().encode(body)))
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return version === undefined ? `"${hex}"` : `"${version}-${hex}"`
}

/**
 * The quoted texts of an If-Match or If-None-Match header; `*` for any, undefined for a header that is not a list of
 * tags. Weak tags count as strong ones: a proxy that compresses an answer makes its tag weak.
 */
export function parseTags(header: string): readonly string[] | '*' | undefined {
  if (header.trim() === '*') return '*'
  return TAG_LIST.test(header) ? Array.from(header.matchAll(TAGS), ([, opaque = '']) => opaque) : undefined
}

/** Whether the client already has the current content, by its If-None-Match; the whole tag counts. */
export function isUnchanged(ifNoneMatch: string | null | undefined, tag: string | null): boolean {
  if (!ifNoneMatch || tag === null) return false
  const tags = parseTags(ifNoneMatch)
  return tags === '*' || (tags?.includes(tag.slice(1, -1)) ?? false)
}

/**
 * The versions that entity tags name; none for those of another resource, or of one without a version. The part after
 * the version, such as the digest, describes the representation, not the resource.
 */
export function versionsOf(tags: readonly string[]): number[] {
  return tags.flatMap((opaque) => {
    const version = /^(0|[1-9]\d{0,14})(?:-|$)/.exec(opaque)?.[1]
    return version === undefined ? [] : [Number(version)]
  })
}

/** The 304 for a client that already has the content: the headers of the full answer, without those of its body. */
export function unchanged(headers: Headers): Response {
  const kept = new Headers(headers)
  for (const name of ['content-type', 'content-length', 'content-encoding']) kept.delete(name)
  return new Response(null, { status: 304, headers: kept })
}
