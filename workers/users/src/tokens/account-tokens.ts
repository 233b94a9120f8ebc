import { base64url, sha256Hex } from '@shop/kernel/hash'
import { type NewAccountToken, tokenExpiry } from './domain/account-token.ts'

const HMAC = { name: 'HMAC', hash: 'SHA-256' } as const

export type AccountTokens = {
  make(now: Date): Promise<NewAccountToken>
  /** The token of an id: always the same, so that a repeated mail has the same link, and unguessable without the secret. */
  tokenOf(id: string): Promise<string>
  /** The stored form of a token. */
  hash(token: string): Promise<string>
}

/**
 * Tokens of mails: HMAC-SHA-256 of a secret and a random id. The database alone does not lead to them.
 *
 * @param options.secret after it is replaced, mails that are still to be sent have no link; those who wait request another
 * @param options.newId 122 random bits or more
 */
export function accountTokens(options: { secret: string; newId: () => string }): AccountTokens {
  let key: CryptoKey | undefined
  const tokenOf = async (id: string) => {
    key ??= await crypto.subtle.importKey('raw', utf8(options.secret), HMAC, false, ['sign'])
    return base64url(new Uint8Array(await crypto.subtle.sign(HMAC, key, utf8(`account-token:v1:${id}`))))
  }
  return {
    tokenOf,
    hash: sha256Hex,
    make: async (now) => {
      const id = options.newId()
      return { id, hash: await sha256Hex(await tokenOf(id)), createdAt: now, expiresAt: tokenExpiry(now) }
    },
  }
}

const utf8 = (text: string) => new TextEncoder().encode(text)
