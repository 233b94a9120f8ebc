import { type Bytes, RedisError } from '../../reply.ts'
import { parseFloatStrict } from '../numbers.ts'
import type { Scored } from '../sorted-set.ts'

/** `1`, `(1` without 1 itself, `-inf`, `+inf`. */
export function byScore(min: Bytes, max: Bytes): (scored: Scored) => boolean {
  const [from, to] = [parseBound(min), parseBound(max)]
  return ([, score]) =>
    (from.exclusive ? score > from.value : score >= from.value) && (to.exclusive ? score < to.value : score <= to.value)
}

function parseBound(text: Bytes): { value: number; exclusive: boolean } {
  const exclusive = text.startsWith('(')
  return { exclusive, value: parseFloatStrict(exclusive ? text.slice(1) : text, 'ERR min or max is not a float') }
}

/** `[a`, `(a` without a itself, `-`, `+`. For members that all have the same score. */
export function byLex(min: Bytes, max: Bytes): (scored: Scored) => boolean {
  const [from, to] = [parseLexBound(min), parseLexBound(max)]
  return ([member]) => from(member) >= 0 && to(member) <= 0
}

/** Below 0 for members before the bound, above 0 for those after it; never 0 for one that excludes it. */
function parseLexBound(text: Bytes): (member: Bytes) => number {
  if (text === '-') return () => 1
  if (text === '+') return () => -1
  const bound = text.slice(1)
  if (text.startsWith('[')) return (member) => (member === bound ? 0 : member < bound ? -1 : 1)
  if (!text.startsWith('(')) throw new RedisError('ERR min or max not valid string range item')
  return (member) => (member === bound ? Number.NaN : member < bound ? -1 : 1)
}
