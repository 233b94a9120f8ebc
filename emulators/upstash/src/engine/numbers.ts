import { type Bytes, RedisError } from '../reply.ts'

const MIN_INT64 = -(2n ** 63n)
const MAX_INT64 = 2n ** 63n - 1n
const INTEGER = /^(?:0|-?[1-9]\d{0,18})$/
const FLOAT = /^[+-]?(?:\d+\.?\d*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?|inf(?:inity)?)$/i

export const NOT_AN_INTEGER = 'ERR value is not an integer or out of range'
export const NOT_A_FLOAT = 'ERR value is not a valid float'

/** A signed 64-bit integer, written as Redis would write it: no sign `+`, no spaces, no leading zeros. */
export function parseInt64(text: Bytes, refusal = NOT_AN_INTEGER): bigint {
  const value = INTEGER.test(text) ? BigInt(text) : undefined
  if (value === undefined || !isInt64(value)) throw new RedisError(refusal)
  return value
}

export function isInt64(value: bigint): boolean {
  return value >= MIN_INT64 && value <= MAX_INT64
}

/** For counts, indexes and times: beyond 2^53 it is rounded, which matters to none of them. */
export function parseInteger(text: Bytes, refusal = NOT_AN_INTEGER): number {
  return Number(parseInt64(text, refusal))
}

/** How many to take; the same refusal for what is no number and for what is below zero. */
export function parseCount(text: Bytes): number {
  const refusal = 'ERR value is out of range, must be positive'
  const count = parseInteger(text, refusal)
  if (count < 0) throw new RedisError(refusal)
  return count
}

/** Accepts `inf`, as scores may be infinite; never NaN. */
export function parseFloatStrict(text: Bytes, refusal = NOT_A_FLOAT): number {
  if (!FLOAT.test(text)) throw new RedisError(refusal)
  const [, sign, infinite] = text.match(/^([+-]?)(inf)/i) ?? []
  if (infinite === undefined) return Number(text)
  return sign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
}

/** A score: the shortest text that reads back as the same number, as Redis since 7.2 writes it. */
export function formatDouble(value: number): Bytes {
  if (value === Number.POSITIVE_INFINITY) return 'inf'
  return value === Number.NEGATIVE_INFINITY ? '-inf' : String(value)
}

/**
 * The sum of INCRBYFLOAT, without exponent. Redis adds with 80 bits and so writes 0.1 + 0.2 as 0.3; 15 digits of a
 * double say the same.
 */
export function formatSum(sum: number): Bytes {
  if (!Number.isFinite(sum)) throw new RedisError('ERR increment would produce NaN or Infinity')
  if (Number.isInteger(sum)) return BigInt(sum).toString()
  const rounded = Number(sum.toPrecision(15))
  return Math.abs(rounded) < 1e-6 ? rounded.toFixed(17).replace(/\.?0+$/, '') : String(rounded)
}

/** C's `%.<digits>g`, which is how Lua writes numbers. */
export function formatG(value: number, digits: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  if (value === 0) return Object.is(value, -0) ? '-0' : '0'
  const [mantissa = '', exponentText = '0'] = value.toExponential(digits - 1).split('e')
  const exponent = Number(exponentText)
  if (exponent >= -4 && exponent < digits) return withoutTrailingZeros(value.toFixed(digits - 1 - exponent))
  const sign = exponent < 0 ? '-' : '+'
  return `${withoutTrailingZeros(mantissa)}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`
}

function withoutTrailingZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}
