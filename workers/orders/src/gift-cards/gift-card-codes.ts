import { derivedKeys } from '@shop/kernel/derived-keys'
import { sha256Hex } from '@shop/kernel/hash'
import type { GiftCardId } from '@shop/kernel/ids'
import { codeOf, lastFourOf, readCode, shownCode } from './domain/gift-card-code.ts'

const keyOf = derivedKeys('gift-card-code:v1', 'sign')

export type GiftCardCodes = ReturnType<typeof giftCardCodes>

/**
 * Codes of gift cards: HMAC-SHA256 over the card's id. So a mail and a repeated request have the same code, and only its hash is
 * stored. The hash needs no secret, since nobody can try all codes: cards outlive secrets.
 *
 * @param secrets the first makes new codes; a code that another one made is still found for its mail while that is known
 */
export function giftCardCodes(secrets: [string, ...string[]]) {
  const codeBy = async (secret: string, id: GiftCardId) => {
    const signature = await crypto.subtle.sign('HMAC', await keyOf(secret), new TextEncoder().encode(id))
    return codeOf(new Uint8Array(signature))
  }
  return {
    /** What is stored of the code of a new card. */
    issue: async (id: GiftCardId): Promise<{ codeHash: string; lastFour: string }> => {
      const code = await codeBy(secrets[0], id)
      return { codeHash: await sha256Hex(code), lastFour: lastFourOf(code) }
    },
    /** The code as it is shown. Undefined once its secret is gone. */
    show: async (id: GiftCardId, codeHash: string): Promise<string | undefined> => {
      for (const secret of secrets) {
        const code = await codeBy(secret, id)
        if ((await sha256Hex(code)) === codeHash) return shownCode(code)
      }
      return undefined
    },
    /** What finds the card of a code that somebody entered. Undefined for what cannot be a code. */
    hashOf: async (entered: string): Promise<string | undefined> => {
      const code = readCode(entered)
      return code === undefined ? undefined : sha256Hex(code)
    },
  }
}
