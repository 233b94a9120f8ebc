import { base64url, sha256Hex } from '@shop/kernel/hash'

const PURPOSE = 'shop refresh token successor v1'

export type RefreshTokens = {
  /** 256 random bits, base64url. */
  make(): string
  /** The stored form of a token: its SHA-256. */
  hash(token: string): Promise<string>
  /** The one token that follows: always the same for a token, and unguessable without our key. */
  successor(token: string): Promise<string>
}

/**
 * Opaque refresh tokens.
 *
 * A successor is HMAC-SHA-256(key, token), so that a repeated refresh gets the same answer although only hashes are
 * kept. The key is derived (HKDF) from the private part of the signing key: its holder can sign access tokens anyway.
 *
 * @param options.secret private part of the key that signs; after a key rotation, a repeat of a refresh made before it
 * is refused
 * @param options.newBytes 32 random bytes
 */
export function createRefreshTokens(options: { secret: string; newBytes: () => Uint8Array }): RefreshTokens {
  let key: CryptoKey | undefined
  return {
    make: () => base64url(options.newBytes()),
    hash: sha256Hex,
    successor: async (token) => {
      key ??= await successorKey(options.secret)
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
