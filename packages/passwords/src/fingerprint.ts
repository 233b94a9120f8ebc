const OFFSET_BASIS = 0x811c9dc5
const PRIME = 0x01000193

/**
 * What the list of common passwords has of each: FNV-1a, 32 bits, of its form for comparison as UTF-8.
 *
 * Source: https://www.rfc-editor.org/rfc/rfc9923
 */
export function fingerprint(comparable: string): number {
  let hash = OFFSET_BASIS
  for (const byte of new TextEncoder().encode(comparable)) hash = Math.imul(hash ^ byte, PRIME)
  return hash >>> 0
}

/** A password as the list compares it: in NFC, without regard to case and white space. */
export function comparable(password: string): string {
  return password.normalize('NFC').toLowerCase().replace(/\s+/gu, '')
}
