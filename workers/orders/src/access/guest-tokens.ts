import { base64url, fromBase64url, sha256Hex } from '@shop/kernel/hash'
import type { Id } from '@shop/kernel/ids'

const HMAC = { name: 'HMAC', hash: 'SHA-256' } as const

/** What guests have. */
type OfGuests = 'order' | 'cart'

export type GuestTokens<K extends OfGuests = OfGuests> = ReturnType<typeof guestTokens<K>>

/**
 * Tokens that open the orders or the carts of guests: HMAC-SHA256 over the kind, a version and the id. So they are not stored,
 * and a replayed answer has the same token.
 *
 * @param secrets the first signs; all verify, so that a secret can be rotated
 */
export function guestTokens<K extends OfGuests>(kind: K, secrets: [string, ...string[]]) {
  const [current, ...previous] = secrets
  const signingKey = once(() => importKey(current))
  const keys = [signingKey, ...previous.map((secret) => once(() => importKey(secret)))]
  const signedBy = async (key: CryptoKey, id: Id<K>): Promise<string> => {
    const signature = await crypto.subtle.sign(HMAC, key, messageOf(kind, id))
    return `v1.${base64url(new Uint8Array(signature))}`
  }
  return {
    of: async (id: Id<K>): Promise<string> => signedBy(await signingKey(), id),
    /** Whether a hash (SHA-256, hexadecimal) is that of a token of the id. */
    hasHash: async (id: Id<K>, tokenHash: string): Promise<boolean> => {
      const hashes = await Promise.all(keys.map(async (key) => sha256Hex(await signedBy(await key(), id))))
      return hashes.includes(tokenHash)
    },
    isOf: async (id: Id<K>, token: string): Promise<boolean> => {
      const signature = signatureOf(token)
      if (signature === undefined) return false
      for (const key of keys) {
        // `verify` compares in constant time.
        if (await crypto.subtle.verify(HMAC, await key(), signature, messageOf(kind, id))) return true
      }
      return false
    },
  }
}

const messageOf = (kind: OfGuests, id: string) => new TextEncoder().encode(`${kind}-token:v1:${id}`)

function signatureOf(token: string): Uint8Array<ArrayBuffer> | undefined {
  const [, text] = /^v1\.([A-Za-z0-9_-]{43})$/.exec(token) ?? []
  return text === undefined ? undefined : fromBase64url(text)
}

function importKey(secret: string): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', new TextEncoder().encode(secret), HMAC, false, ['sign', 'verify'])
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: T | undefined
  return async () => {
    made ??= await make()
    return made
  }
}
