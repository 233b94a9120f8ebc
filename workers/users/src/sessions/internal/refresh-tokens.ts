import { base64url, sha256Hex } from '@shop/kernel/hash'
import { macKey, macOf } from '../../tokens/mac-key.ts'

const PURPOSE = 'shop refresh token successor v1'

export type RefreshTokens = {
  /** 256 random bits, base64url. */
  make(): string
  /** The stored form of a token: its SHA-256. */
  hash(token: string): Promise<string>
  /**
   * The tokens that may follow, one for each of our keys: always the same for a token, and unguessable without the key.
   * The first is the one to give.
   */
  successors(token: string): Promise<string[]>
}

/**
 * Opaque refresh tokens.
 *
 * A successor is HMAC-SHA-256(key, token), so that a repeated refresh gets the same answer although only hashes are
 * kept. The key is derived (HKDF) from the private part of the signing key: its holder can sign access tokens anyway.
 *
 * @param options.secrets private parts of the keys, the one that signs now first: around a rotation, a repeated refresh
 * still gets what another key made
 * @param options.newBytes 32 random bytes
 */
export function createRefreshTokens(options: { secrets: () => string[]; newBytes: () => Uint8Array }): RefreshTokens {
  const keys = new Map<string, CryptoKey>()
  const keyOf = async (secret: string) => {
    const key = keys.get(secret) ?? (await macKey(PURPOSE, secret))
    keys.set(secret, key)
    return key
  }
  return {
    make: () => base64url(options.newBytes()),
    hash: sha256Hex,
    successors: (token) =>
      Promise.all(options.secrets().map(async (secret) => base64url(await macOf(await keyOf(secret), token)))),
  }
}
