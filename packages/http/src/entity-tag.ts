/** A strong entity tag of a body (RFC 9110, section 8.8.3): equal for equal bytes, wherever it is made. */
export async function entityTag(body: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-1', new TextEncoder().encode(body))
  return `"${Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')}"`
}

/**
 * Whether a client has what it asks for already, by its If-None-Match. Compared weakly (RFC 9110, section 13.1.2), since
 * what compresses an answer on the way makes its tag a weak one.
 */
export function isUnchanged(ifNoneMatch: string | null | undefined, tag: string | null): boolean {
  if (!ifNoneMatch || tag === null) return false
  return ifNoneMatch.trim() === '*' || [...ifNoneMatch.matchAll(/"[^"]*"/g)].some(([given]) => given === tag)
}

/** The answer to a client that has it already: the headers of the full answer, less those of its body. */
export function unchanged(headers: Headers): Response {
  const kept = new Headers(headers)
  for (const name of ['content-type', 'content-length', 'content-encoding']) kept.delete(name)
  return new Response(null, { status: 304, headers: kept })
}
