/**
 * The key of an HMAC-SHA-256, derived (HKDF, RFC 5869) from a secret for one purpose: no text has the same MAC for two purposes.
 *
 * @param purpose a constant with a version, such as `shop invitation token v1`
 */
export async function macKey(purpose: string, secret: string): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey('raw', utf8(secret), 'HKDF', false, ['deriveKey'])
  return crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: utf8(purpose) },
    material,
    { name: 'HMAC', hash: 'SHA-256', length: 256 },
    false,
    ['sign'],
  )
}

export async function macOf(key: CryptoKey, text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.sign('HMAC', key, utf8(text)))
}

const utf8 = (text: string) => new TextEncoder().encode(text)
