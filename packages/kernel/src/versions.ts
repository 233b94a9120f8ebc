import { z } from 'zod'
import { fail, ok, type Result } from './result.ts'

/** The If-Match header of a write. Any text passes here: the kit answers what is no list of tags. */
export const IfMatchHeader = z
  .string()
  .optional()
  .meta({
    description:
      'The ETag of the answer that the change was made from: 412 `version_conflict` if the resource has changed since. Only ' +
      'the version in it counts, so `"7"` does as well as the whole tag',
    example: '"7-2fd4e1c67a2d28fced849ee1bb76e7391b93eb12"',
  })

/** The resource has changed since the version that the caller names. */
export type VersionConflict = { code: 'version_conflict' }

/** Versions of a resource that a writer accepts; undefined for any, empty when no version can match. */
export type ExpectedVersions = readonly number[] | undefined

function matchesVersion(expected: ExpectedVersions, actual: number): boolean {
  return expected === undefined || expected.includes(actual)
}

/**
 * Passes when the resource still has a version that the caller expects. The write must hold the same version in its
 * WHERE clause: this alone decides nothing.
 */
export function checkVersion(expected: ExpectedVersions, actual: number): Result<undefined, VersionConflict> {
  return matchesVersion(expected, actual) ? ok() : fail({ code: 'version_conflict' })
}
