export const RECOVERY_CODES = 10

/**
 * 120 bits: above 112, the plain hash of a random secret is enough (OWASP ASVS 5.0, 6.5.2), so that checking one costs
 * no password hash.
 */
export const RECOVERY_CODE_BYTES = 15

/** Crockford base32: no letters that look like digits. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const GROUP = 6

/** A code as people write it down: four groups of six letters and digits. */
export function recoveryCodeOf(bytes: Uint8Array): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('')
  const letters = bits.match(/.{5}/g)?.map((digit) => ALPHABET[Number.parseInt(digit, 2)]) ?? []
  return (
    letters
      .join('')
      .match(new RegExp(`.{${GROUP}}`, 'g'))
      ?.join('-') ?? ''
  )
}

/** The same text for every way to type a code: case, spaces and hyphens do not count, nor does O for 0 or I for 1. */
export function normalRecoveryCode(typed: string): string {
  return typed
    .toLowerCase()
    .replace(/[^0-9a-z]/g, '')
    .replaceAll('o', '0')
    .replace(/[il]/g, '1')
}
