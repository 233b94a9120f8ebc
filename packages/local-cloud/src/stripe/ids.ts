import { randomBytes } from 'node:crypto'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** `length` random letters and digits. */
export function token(length: number): string {
  // 248 is the largest multiple of 62 in a byte: bytes above it would favour the first letters.
  let text = ''
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < 248 && text.length < length) text += ALPHABET[byte % 62]
    }
  }
  return text
}

/** An id in Stripe's form: `pi_3…`, `ch_3…`, `req_…`. */
export function newId(
  prefix: 'pi' | 'ch' | 'py' | 're' | 'pm' | 'evt' | 'req' | 'txn' | 'du' | 'cus' | 'seti',
): string {
  return prefix === 'req' ? `req_${token(14)}` : `${prefix}_3${token(23)}`
}
