import type { OrderId } from '@shop/kernel'
import type { OrderTokens } from './ports.ts'

const HMAC = { name: 'HMAC', hash: 'SHA-256' } as const

/**
 * Tokens of guests: HMAC-SHA256 over the version and the order's id, so they are kept nowhere and the same each time.
 *
 * @param secrets the first makes tokens; tokens of the others are still good, so that a secret can be replaced
 */
export function orderTokens(secrets: [string, ...string[]]): OrderTokens {
  const keys = secrets.map((secret) => once(() => importKey(secret)))
  const [current] = keys
  if (current === undefined) throw new RangeError('There is no secret to make tokens with')
  return {
    of: async (orderId) => {
      const signature = await crypto.subtle.sign(HMAC, await current(), textOf(orderId))
      return `v1.${toText(new Uint8Array(signature))}`
    },
    isOf: async (orderId, token) => {
      const signature = signatureOf(token)
      if (signature === undefined) return false
      // `verify` compares in constant time.
      for (const key of keys) {
        if (await crypto.subtle.verify(HMAC, await key(), signature, textOf(orderId))) return true
      }
      return false
    },
  }
}

const textOf = (orderId: OrderId) => new TextEncoder().encode(`order-token:v1:${orderId}`)

/** Base64url, without padding. */
function toText(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '')
}

function signatureOf(token: string): Uint8Array<ArrayBuffer> | undefined {
  const [, text] = /^v1\.([A-Za-z0-9_-]{43})$/.exec(token) ?? []
  if (text === undefined) return undefined
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0))
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
