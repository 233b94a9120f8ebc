/** The SHA-256 of a text (as UTF-8) in lower-case hexadecimal, 64 characters. */
export async function sha256Hex(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

// Node 24, which runs the tests and scripts, has no Uint8Array.prototype.toBase64 yet.

/** Base64url without padding. Source: RFC 4648, section 5. */
export function base64url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '')
}

/** The bytes of a base64url text, padded or not; throws a SyntaxError for anything else. */
export function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  if (!/^[\w-]*={0,2}$/.test(text)) throw new SyntaxError('Not base64url')
  const base64 = text.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '')
  if (base64.length % 4 === 1) throw new SyntaxError('Not base64url')
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
}
