import { COMMON_PASSWORDS } from './common-passwords.ts'
import { comparable, fingerprint } from './fingerprint.ts'

const BYTES_PER_ENTRY = 4
/** Shorter beginnings say nothing about a password. */
const SHORTEST_BASE = 4
const FEWEST_CHARACTERS = 5

let table: DataView | undefined

/**
 * Whether a password is one that attackers try first: one of the list, one of it with digits or signs at an end, a text that
 * only repeats itself, or one of fewer than five different characters.
 *
 * The list has fingerprints of 32 bits, so one good password in some 30,000 is refused, too.
 */
export function isCommonPassword(password: string): boolean {
  const text = comparable(password)
  const letters = text.replace(/^[\p{N}\p{P}\p{S}]+|[\p{N}\p{P}\p{S}]+$/gu, '')
  const base = unitOf(letters)
  return (
    new Set(text).size < FEWEST_CHARACTERS ||
    isListed(text) ||
    unitOf(text) !== text ||
    ([...base].length >= SHORTEST_BASE && isListed(base))
  )
}

/** The text that a text repeats twice or more, the last time perhaps cut; itself where it repeats none. */
function unitOf(text: string): string {
  for (let length = 1; length * 2 <= text.length; length += 1) {
    if (text.startsWith(text.slice(length)) && text.slice(length) !== '') return text.slice(0, length)
  }
  return text
}

/** By binary search: the list is sorted. It is decoded when the first password is chosen, since most requests need none. */
function isListed(text: string): boolean {
  table ??= decoded()
  const wanted = fingerprint(text)
  let from = 0
  let to = table.byteLength / BYTES_PER_ENTRY
  while (from < to) {
    const middle = (from + to) >>> 1
    const found = table.getUint32(middle * BYTES_PER_ENTRY)
    if (found === wanted) return true
    if (found < wanted) from = middle + 1
    else to = middle
  }
  return false
}

function decoded(): DataView {
  return new DataView(Uint8Array.from(atob(COMMON_PASSWORDS), (character) => character.charCodeAt(0)).buffer)
}
