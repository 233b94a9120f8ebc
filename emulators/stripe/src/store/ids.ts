import { randomBytes } from 'node:crypto'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

// Random bytes come from a pool, since a system call per id would dominate the cost of an id.
const POOL_SIZE = 4096
let pool = randomBytes(POOL_SIZE)
let used = 0

function randomByte(): number {
  if (used === POOL_SIZE) {
    pool = randomBytes(POOL_SIZE)
    used = 0
  }
  const byte = pool[used] ?? 0
  used += 1
  return byte
}

/** `length` random letters and digits. */
export function token(length: number): string {
  let text = ''
  while (text.length < length) {
    const byte = randomByte()
    // 248 is the largest multiple of 62 below 256. Larger bytes would favour the first characters.
    if (byte < 248) text += ALPHABET[byte % 62]
  }
  return text
}

/** An id in Stripe's format: `pi_3…`, `ch_3…`, `req_…`. */
export function newId(
  prefix: 'pi' | 'ch' | 'py' | 're' | 'pm' | 'evt' | 'req' | 'txn' | 'du' | 'cus' | 'seti',
): string {
  return prefix === 'req' ? `req_${token(14)}` : `${prefix}_3${token(23)}`
}
