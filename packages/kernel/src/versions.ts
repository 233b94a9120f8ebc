import { fail, ok, type Result } from './result.ts'

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
