/** With a digit, unlike EPIPE. */
const SQLSTATE = /^(?=.*\d)[\dA-Z]{5}$/
/** Drizzle wraps once, `ask` once, and repositories may again. */
const DEEPEST_CAUSE = 10

/** A statement sent by `ask` or `askAll` that failed: which one, without its values; the driver's error is the cause. */
export class StatementFailed extends Error {
  override name = 'StatementFailed'
  /** As Drizzle's own error names it. */
  readonly query: string

  constructor(query: string, cause: unknown) {
    super('The statement failed', { cause })
    this.query = query
  }
}

/**
 * The SQLSTATE of a database error, however it was wrapped. Absent when the database did not answer or could not work:
 * then it did not refuse this statement, and the outcome may be unknown.
 *
 * Source: https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export function sqlState(error: unknown): string | undefined {
  return databaseError(error)?.code
}

/** True when the error is a violation of that unique index or constraint. */
export function isUniqueViolation(error: unknown, constraint: string): boolean {
  const found = databaseError(error)
  return found?.code === '23505' && found.constraint === constraint
}

/** True when the error is a violation of that CHECK constraint. */
export function isCheckViolation(error: unknown, constraint: string): boolean {
  const found = databaseError(error)
  return found?.code === '23514' && found.constraint === constraint
}

/**
 * What the database says of a violation of that unique index or CHECK constraint: a text with values of the failing row, or
 * an empty one. It says which row of a statement it was; it must not be logged or answered. Undefined for any other error.
 */
export function violationDetail(error: unknown, constraint: string): string | undefined {
  const found = databaseError(error)
  const isViolation = found?.code === '23505' || found?.code === '23514'
  return isViolation && found.constraint === constraint ? (found.detail ?? '') : undefined
}

function databaseError(error: unknown): { code: string; constraint?: string; detail?: string } | undefined {
  let current = error
  for (let depth = 0; depth < DEEPEST_CAUSE && current instanceof Error && current.name !== 'Unavailable'; depth += 1) {
    const candidate: { code?: unknown; constraint?: unknown; detail?: unknown; cause?: unknown } = current
    if (typeof candidate.code === 'string' && SQLSTATE.test(candidate.code)) {
      const { code, constraint, detail } = candidate
      return {
        code,
        ...(typeof constraint === 'string' ? { constraint } : {}),
        ...(typeof detail === 'string' ? { detail } : {}),
      }
    }
    current = candidate.cause
  }
  return undefined
}
