import { derivedKeys } from '@shop/kernel/derived-keys'
import { sha256Hex } from '@shop/kernel/hash'
import type { GiftCardId } from '@shop/kernel/ids'
import { codeOf, lastFourOf, readCode, shownCode } from './domain/gift-card-code.ts'

const keyOf = derivedKeys('gift-card-code:v1', 'sign')

export type GiftCardCodes = ReturnType<typeof giftCardCodes>

/**
 * Codes of gift cards: HMAC-SHA256 over the card's id, so that a mail and a repeated request have the same code. Only the SHA-256 hash of
 * a code is stored. The hash uses no secret, because codes cannot be guessed and cards must stay valid when secrets are rotated.
 *
 * @param secrets the first derives new codes; the others derive codes that were issued before a rotation
 */
export function giftCardCodes(secrets: [string, ...string[]]) {
  const codeBy = async (secret: string, id: GiftCardId) => {
    const signature = await crypto.subtle.sign('HMAC', await keyOf(secret), new TextEncoder().encode(id))
    return codeOf(new Uint8Array(signature))
  }
  return {
    /** The stored parts of a new card's code: its hash and its last four characters. */
    issue: async (id: GiftCardId): Promise<{ codeHash: string; lastFour: string }> => {
      const code = await codeBy(secrets[0], id)
      return { codeHash: await sha256Hex(code), lastFour: lastFourOf(code) }
    },
    /** The code in groups of four characters. Undefined if its secret was removed. */
    show: async (id: GiftCardId, codeHash: string): Promise<string | undefined> => {
      for (const secret of secrets) {
        const code = await codeBy(secret, id)
        if ((await sha256Hex(code)) === codeHash) return shownCode(code)
      }
      return undefined
    },
    /** The hash of an entered code, in any spelling. Undefined if the text cannot be a code. */
    hashOf: async (entered: string): Promise<string | undefined> => {
      const code = readCode(entered)
      return code === undefined ? undefined : sha256Hex(code)
    },
  }
}
