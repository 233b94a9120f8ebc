import { base64url, fromBase64url } from '@shop/kernel/hash'
import type { OrderId } from '@shop/kernel/ids'

const HMAC = { name: 'HMAC', hash: 'SHA-256' } as const

export type GuestTokens = ReturnType<typeof guestTokens>

/**
 * Tokens that open the orders of guests: HMAC-SHA256 over a version and the order's id. So they are not stored, and a
 * replayed answer has the same token.
 *
 * @param secrets the first signs; all verify, so that a secret can be rotated
 */
export function guestTokens(secrets: [string, ...string[]]) {
  const [current, ...previous] = secrets
  const signingKey = once(() => importKey(current))
  const keys = [signingKey, ...previous.map((secret) => once(() => importKey(secret)))]
  return {
    of: async (orderId: OrderId): Promise<string> => {
      const signature = await crypto.subtle.sign(HMAC, await signingKey(), messageOf(orderId))
      return `v1.${base64url(new Uint8Array(signature))}`
    },
    isOf: async (orderId: OrderId, token: string): Promise<boolean> => {
      const signature = signatureOf(token)
      if (signature === undefined) return false
      for (const key of keys) {
        // `verify` compares in constant time.
        if (await crypto.subtle.verify(HMAC, await key(), signature, messageOf(orderId))) return true
      }
      return false
    },
  }
}

const messageOf = (orderId: OrderId) => new TextEncoder().encode(`order-token:v1:${orderId}`)

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
