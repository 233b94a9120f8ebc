import type { FieldError } from '@shop/kernel/failures'
import type { z } from 'zod'
import type { HttpFailure } from './problems.ts'

type Issue = z.core.$ZodIssue
type Path = readonly PropertyKey[]

const MOST_ERRORS = 50
/** In UTF-16 code units. A client may send a key as long as its body. */
const LONGEST_KEY = 60
const LONGEST_FIELD = 200
const LONGEST_MESSAGE = 300

export type ValidationFailed = Extract<HttpFailure, { code: 'validation_failed' }>

/**
 * The failure of a request that does not match its schema: at most 50 errors, and how many more there are.
 *
 * Each names a field by its path, such as `items.0.quantity`; the body itself is `body`.
 */
export function validationFailed({ issues }: Pick<z.ZodError, 'issues'>): ValidationFailed {
  const errors: FieldError[] = []
  let found = 0
  for (const { path, message } of eachError(issues, [])) {
    found += 1
    if (errors.length < MOST_ERRORS) errors.push({ field: nameOf(path), message: cut(message, LONGEST_MESSAGE) })
  }
  return { code: 'validation_failed', errors, ...(found > errors.length ? { moreErrors: found - errors.length } : {}) }
}

type Found = { path: Path; message: string }

function* eachError(issues: readonly Issue[], parent: Path): Generator<Found> {
  for (const issue of issues) {
    const path = parent.length === 0 ? issue.path : [...parent, ...issue.path]
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) yield { path: [...path, key], message: 'is not a known field' }
    } else if (issue.code === 'invalid_union' && issue.errors.length > 0) {
      yield* ofUnion(issue.errors, path)
    } else if (issue.code === 'invalid_key' || issue.code === 'invalid_element') {
      yield { path, message: withReason(issue.message, issue.issues) }
    } else {
      yield { path, message: issue.message }
    }
  }
}

/** The errors of a value with several allowed shapes, taken from the shape that it resembles most. */
function* ofUnion(branches: readonly (readonly Issue[])[], path: Path): Generator<Found> {
  const [closest] = branches.filter((issues) => !issues.some(isOfAnotherType)).sort(byCloseness)
  if (closest !== undefined) yield* eachError(closest, path)
  else yield { path, message: expectedOf(branches) }
}

/** True for an issue by which a branch is meant for values of another type, or for other values. */
function isOfAnotherType(issue: Issue): boolean {
  if (issue.path.length > 0) return false
  if (issue.code === 'invalid_union')
    return issue.errors.length > 0 && issue.errors.every((b) => b.some(isOfAnotherType))
  return issue.code === 'invalid_type' || issue.code === 'invalid_value'
}

/** A member with a fixed set of values, such as a type, distinguishes shapes better than the number of issues. */
function byCloseness(one: readonly Issue[], other: readonly Issue[]): number {
  return mismatches(one) - mismatches(other) || weight(one) - weight(other)
}

const mismatches = (issues: readonly Issue[]) =>
  issues.filter(({ code, path }) => code === 'invalid_value' && path.length === 1).length

const weight = (issues: readonly Issue[]) =>
  issues.reduce((sum, issue) => sum + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1), 0)

function expectedOf(branches: readonly (readonly Issue[])[]): string {
  const expected = [...new Set(branches.flatMap((issues) => issues.flatMap(expectedBy)))]
  const last = expected.pop()
  const all = expected.length === 0 ? last : `${expected.join(', ')} or ${last}`
  return `Invalid input: expected ${all}`
}

function expectedBy(issue: Issue): string[] {
  if (issue.path.length > 0) return []
  if (issue.code === 'invalid_type') return [issue.expected]
  if (issue.code === 'invalid_value') return issue.values.map((value) => JSON.stringify(value) ?? String(value))
  return issue.code === 'invalid_union' ? issue.errors.flatMap((issues) => issues.flatMap(expectedBy)) : []
}

/** Why a key or an element is invalid; zod's own message names only what holds it. */
function withReason(message: string, [reason]: readonly Issue[]): string {
  return reason === undefined ? message : `${message}: ${reason.message}`
}

function nameOf(path: Path): string {
  const keys = path.slice(0, LONGEST_FIELD).map((key) => cut(String(key), LONGEST_KEY))
  return cut(keys.join('.'), LONGEST_FIELD) || 'body'
}

/** Not in the middle of a surrogate pair. */
function cut(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1).replace(/[\ud800-\udbff]$/, '')}…`
}
