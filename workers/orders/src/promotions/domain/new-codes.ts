import type { CodeBatchId, OrderId } from '@shop/kernel/ids'
import { codeKey } from './code-key.ts'

/** The most single-use codes that one request makes. */
export const MAX_CODES = 100_000
export const MAX_PREFIX_LENGTH = 20

/** 13 characters of 5 bits: 65 random bits after the prefix. */
export const CODE_LENGTH = 13
/** Digits and letters without I, L, O and U, which are misread. Source: https://www.crockford.com/base32.html */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/**
 * Single-use codes as they are compared, so that they are stored and shown as one text.
 *
 * @param random {@link CODE_LENGTH} random bytes for each code
 */
export function newCodes(prefix: string, random: Uint8Array): string[] {
  const start = codeKey(prefix)
  return Array.from({ length: Math.floor(random.length / CODE_LENGTH) }, (_, index) => {
    const bytes = random.subarray(index * CODE_LENGTH, (index + 1) * CODE_LENGTH)
    return start + Array.from(bytes, (byte) => ALPHABET[byte % ALPHABET.length]).join('')
  })
}

/** The single-use codes that one request made. */
export type CodeBatch = { id: CodeBatchId; count: number }

/** A single-use code; `usedBy` is the order that uses it. */
export type SingleUseCode = {
  code: string
  batchId: CodeBatchId
  /** Index in its batch. */
  position: number
  usedBy: OrderId | null
  createdAt: Date
}
