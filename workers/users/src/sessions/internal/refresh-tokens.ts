import { base64url, sha256Hex } from '@shop/kernel'

const TOKEN_BYTES = 32
const PURPOSE = 'shop refresh token successor v1'

export type RefreshTokens = {
  /** 256 random bits, base64url. */
  make(): string
  /** What is kept of a token: its SHA-256. */
  hash(token: string): Promise<string>
  /** The one token that follows: always the same for a token, and not to be guessed without our key. */
  successor(token: string): Promise<string>
}

/**
 * Opaque refresh tokens.
 *
 * A successor is HMAC-SHA-256(key, token), so that a repeated refresh gets the same answer although only hashes are
 * kept. The key is derived (HKDF) from the private part of the signing key: its holder can sign access tokens anyway.
 *
 * @param secret private part of the key that signs; after a key rotation, a repeat of a refresh made before it is refused
 */
export function createRefreshTokens(secret: string): RefreshTokens {
  let key: CryptoKey | undefined
  return {
    make: () => base64url(crypto.getRandomValues(new Uint8Array(TOKEN_BYTES))),
    hash: sha256Hex,
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
