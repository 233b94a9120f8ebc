import { base64url, fromBase64url } from '@shop/kernel/hash'

/** Longer than any token that users makes. */
const MOST_CHARACTERS = 4_096

/**
 * Whether a token is written exactly as our signer writes one: three parts in canonical base64url; a header of `alg`, `typ`
 * and `kid` alone; header and claims as `JSON.stringify` makes them. So no two texts are one token, and there is nothing in
 * it that a parser could read in two ways: no member twice, no `crit`, no key that the token brings itself.
 *
 * Source: https://datatracker.ietf.org/doc/html/rfc8725#section-3
 */
export function isWrittenByUs(token: string): boolean {
  const parts = token.length > MOST_CHARACTERS ? [] : token.split('.')
  const [header, claims, signature] = parts.map(decoded)
  if (parts.length !== 3 || !header || !claims || !signature) return false
  return isHeader(header) && isCanonicalJson(claims)
}

function decoded(part: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    const bytes = fromBase64url(part)
    return base64url(bytes) === part ? bytes : undefined
  } catch {
    return undefined
  }
}

function isHeader(bytes: Uint8Array<ArrayBuffer>): boolean {
  const text = textOf(bytes)
  const kid = /^\{"alg":"EdDSA","typ":"at\+jwt","kid":"([\w.-]{1,100})"\}$/.exec(text ?? '')?.[1]
  return kid !== undefined
}

function isCanonicalJson(bytes: Uint8Array<ArrayBuffer>): boolean {
  const text = textOf(bytes)
  if (text === undefined) return false
  try {
    return JSON.stringify(JSON.parse(text)) === text
  } catch {
    return false
  }
}

function textOf(bytes: Uint8Array<ArrayBuffer>): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}
