import { type Bytes, RedisError } from '../reply.ts'
import { parseInteger } from './numbers.ts'

/** How an option or a command's name gives a time: in which unit, from now or from 1970. */
const UNITS: Record<string, { milliseconds: number; absolute: boolean }> = {
  EX: { milliseconds: 1000, absolute: false },
  PX: { milliseconds: 1, absolute: false },
  EXAT: { milliseconds: 1000, absolute: true },
  PXAT: { milliseconds: 1, absolute: true },
}

export function isExpiryOption(option: string): boolean {
  return Object.hasOwn(UNITS, option)
}

/**
 * @param option EX, PX, EXAT or PXAT
 * @returns Unix milliseconds, possibly past
 */
export function parseExpiry(option: string, value: Bytes, now: number): number {
  const unit = UNITS[option]
  if (unit === undefined) throw new RangeError(`no expiry option: ${option}`)
  const given = parseInteger(value) * unit.milliseconds
  return unit.absolute ? given : now + given
}

/** For the commands that refuse a time that is not ahead of zero, as SET does. */
export function parsePositiveExpiry(option: string, value: Bytes, now: number, command: string): number {
  if (parseInteger(value) <= 0) throw new RedisError(`ERR invalid expire time in '${command}' command`)
  return parseExpiry(option, value, now)
}
