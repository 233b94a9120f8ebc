import { normalEmail } from '@shop/kernel/email'
import { base64url } from '@shop/kernel/hash'

/** The same text for every spelling of an address, from which nobody without the secret learns the address. */
export type HashAddress = (email: string) => Promise<string>

/** HMAC-SHA-256 of the normal form of an address. Who guesses addresses needs the secret, too. */
export function addressHasher(secret: string): HashAddress {
  const encoder = new TextEncoder()
  let key: Promise<CryptoKey> | undefined
  return async (email) => {
    key ??= crypto.subtle.importKey('raw', encoder.encode(secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
    const mac = await crypto.subtle.sign('HMAC', await key, encoder.encode(normalEmail(email)))
    return base64url(new Uint8Array(mac))
  }
}
