/**
 * 20 characters of 5 bits: 100 bits. The last four characters are stored and shown, which leaves 80 secret bits.
 */
const CODE_LENGTH = 20
const BITS = CODE_LENGTH * 5
const GROUP = 4

/** Digits and letters without I, L, O and U, which are misread. Source: https://www.crockford.com/base32.html */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** The most characters that somebody may enter for a code. */
export const MAX_ENTERED_LENGTH = 60

/** Derives a code without dashes. @param random at least 13 random bytes */
export function codeOf(random: Uint8Array): string {
  let bits =
    random.subarray(0, 13).reduce((known, byte) => (known << 8n) | BigInt(byte), 0n) & ((1n << BigInt(BITS)) - 1n)
  let code = ''
  for (let index = 0; index < CODE_LENGTH; index += 1) {
    code = `${ALPHABET[Number(bits & 31n)]}${code}`
    bits >>= 5n
  }
  return code
}

/** A code as it is shown: in groups of four. */
export function shownCode(code: string): string {
  return (code.match(new RegExp(`.{${GROUP}}`, 'g')) ?? []).join('-')
}

export const lastFourOf = (code: string): string => code.slice(-GROUP)

/**
 * Normalizes an entered code: upper case, without spaces and dashes, with O read as 0 and I and L read as 1.
 *
 * @returns undefined if the text cannot be a code
 */
export function readCode(entered: string): string | undefined {
  const code = entered
    .toUpperCase()
    .replaceAll(/[\s\p{Dash}]/gu, '')
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1')
  const isCode = code.length === CODE_LENGTH && [...code].every((character) => ALPHABET.includes(character))
  return isCode ? code : undefined
}
