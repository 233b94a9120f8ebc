import type { RefreshTokens } from './ports.ts'

const TOKEN_BYTES = 32
const PURPOSE = 'shop refresh token successor v1'

/**
 * Opaque refresh tokens.
 *
 * A successor is HMAC-SHA-256(key, token), so that a repeated refresh can be answered alike although only hashes are
 * kept. The key is derived (HKDF) from the signing key's private part: who has that can sign access tokens anyway.
 *
 * @param secret of the key that signs; after a rotation of keys, a repeat of a refresh made before it is refused
 */
export function createRefreshTokens(secret: string): RefreshTokens {
  let key: CryptoKey | undefined
  return {
    make: () => base64url(crypto.getRandomValues(new Uint8Array(TOKEN_BYTES))),
    hash: async (token) => hex(await crypto.subtle.digest('SHA-256', utf8(token))),
    successor: async (token) => {
      key ??= await successorKey(secret)
      return base64url(new Uint8Array(await crypto.subtle.sign('HMAC', key, utf8(token))))
    },
  }
}

async function successorKey(secret: string): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey('raw', utf8(secret), 'HKDF', false, ['deriveKey'])
  return crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: utf8(PURPOSE) },
    material,
    { name: 'HMAC', hash: 'SHA-256', length: 256 },
    false,
    ['sign'],
  )
}

const utf8 = (text: string) => new TextEncoder().encode(text)
const hex = (bytes: ArrayBuffer) =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('')
const base64url = (bytes: Uint8Array) =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '')
