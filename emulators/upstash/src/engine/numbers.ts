import { type Bytes, RedisError } from '../redis/reply.ts'

const MIN_INT64 = -(2n ** 63n)
const MAX_INT64 = 2n ** 63n - 1n
const INTEGER = /^(?:0|-?[1-9]\d{0,18})$/

const NOT_AN_INTEGER = 'ERR value is not an integer or out of range'

/** A signed 64-bit integer in Redis's notation: no plus sign, no spaces, no leading zeros. */
export function parseInt64(text: Bytes): bigint {
  const value = INTEGER.test(text) ? BigInt(text) : undefined
  if (value === undefined || !isInt64(value)) throw new RedisError(NOT_AN_INTEGER)
  return value
}

export function isInt64(value: bigint): boolean {
  return value >= MIN_INT64 && value <= MAX_INT64
}

/** For counts and times. Rounds beyond 2^53, where no caller needs exact values. */
export function parseInteger(text: Bytes): number {
  return Number(parseInt64(text))
}
