import { ID_PREFIXES, type Id, type IdKind } from './ids.ts'

/** Crockford base32, as TypeIDs use it. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const DIGITS = 26

/**
 * The id that a text leads to, always the same: 128 bits of its SHA-256, in the form of a TypeID. For what a repeated request
 * must find again where no table has its key.
 */
export async function derivedId<K extends IdKind>(kind: K, text: string): Promise<Id<K>> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  let rest = new Uint8Array(digest, 0, 16).reduce((bits, byte) => (bits << 8n) | BigInt(byte), 0n)
  let digits = ''
  for (let digit = 0; digit < DIGITS; digit += 1) {
    digits = `${ALPHABET[Number(rest & 31n)]}${digits}`
    rest >>= 5n
  }
  return `${ID_PREFIXES[kind]}_${digits}`
}
