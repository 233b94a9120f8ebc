import { z } from 'zod'
import { fail, ok, type Result } from './result.ts'
import { text } from './text.ts'

/** Pairs of texts that staff attach to a resource for their own purposes, such as the id in another system. */
export type Metadata = Readonly<Record<string, string>>
/** A merge patch (RFC 7396): absent keys stay, null removes a key, or, instead of the object, all of them. */
export type MetadataChanges = Readonly<Record<string, string | null>> | null

export type MetadataTooLarge = { code: 'metadata_too_large'; maximumPairs: number }

const MAX_PAIRS = 50
const Key = text(1, 40)
const Value = text(0, 500)
const hasFewPairs = (pairs: object) => Object.keys(pairs).length <= MAX_PAIRS
const TOO_MANY = `must have at most ${MAX_PAIRS} pairs`
const example = { erp_id: 'A-4711' }

export const MetadataField = z
  .record(Key, Value)
  .refine(hasFewPairs, TOO_MANY)
  .meta({ description: 'Pairs of texts for staff, at most 50; others do not see them', example })

export const MetadataPatch = z
  .record(Key, Value.nullable())
  .refine(hasFewPairs, TOO_MANY)
  .nullable()
  .meta({ description: 'Pairs to add or change; null removes a pair, or all of them. Others stay', example })

export function patchMetadata(current: Metadata, changes: MetadataChanges): Result<Metadata, MetadataTooLarge> {
  if (changes === null) return ok({})
  const merged = new Map<string, string | null>([...Object.entries(current), ...Object.entries(changes)])
  const pairs = [...merged].flatMap(([key, value]) => (value === null ? [] : [[key, value] as const]))
  if (pairs.length > MAX_PAIRS) return fail({ code: 'metadata_too_large', maximumPairs: MAX_PAIRS })
  return ok(Object.fromEntries(pairs))
}

export function isSameMetadata(one: Metadata, other: Metadata): boolean {
  const pairs = Object.entries(one)
  return pairs.length === Object.keys(other).length && pairs.every(([key, value]) => other[key] === value)
}
