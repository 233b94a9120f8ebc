const utf8 = (text: string) => new TextEncoder().encode(text)

const ALGORITHMS = {
  encrypt: { name: 'AES-GCM', length: 256 },
  sign: { name: 'HMAC', hash: 'SHA-256', length: 256 },
} as const
const USAGES = { encrypt: ['encrypt', 'decrypt'], sign: ['sign', 'verify'] } as const

/**
 * The keys of one purpose, each of 256 bits and derived (HKDF, RFC 5869) from a secret of at least 128 random bits, at its
 * first use.
 *
 * @param info names the purpose: keys of other purposes do not tell about these
 */
export function derivedKeys(info: string, use: 'encrypt' | 'sign'): (secret: string) => Promise<CryptoKey> {
  const keys = new Map<string, CryptoKey>()
  return async (secret) => {
    const key = keys.get(secret) ?? (await derive(secret, info, use))
    keys.set(secret, key)
    return key
  }
}

async function derive(secret: string, info: string, use: 'encrypt' | 'sign'): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey('raw', utf8(secret), 'HKDF', false, ['deriveKey'])
  const parameters = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: utf8(info) }
  return crypto.subtle.deriveKey(parameters, material, ALGORITHMS[use], false, [...USAGES[use]])
}
