/**
 * 20 characters of 5 bits. Its last four are shown to people, so that 80 bits stay secret of whoever knows them and the hash.
 */
const CODE_LENGTH = 20
const BITS = CODE_LENGTH * 5
const GROUP = 4

/** Digits and letters without I, L, O and U, which are misread. Source: https://www.crockford.com/base32.html */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** The most characters that somebody may enter for a code. */
export const MAX_ENTERED_LENGTH = 60

/** A code as it is compared, of at least 13 random bytes. */
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
 * What all spellings of a code have in common: case, blanks and dashes do not count, and letters that look like digits count as them.
 *
 * @returns undefined for what cannot be a code
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
