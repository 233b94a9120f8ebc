/**
 * The SQLSTATE of a database error, however drizzle wrapped it. Absent when the database never answered.
 * Source: https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export function sqlState(error: unknown): string | undefined {
  return databaseError(error)?.code
}

/** True when the error is the violation of that unique index or constraint. */
export function isUniqueViolation(error: unknown, constraint: string): boolean {
  const found = databaseError(error)
  return found?.code === '23505' && found.constraint === constraint
}

function databaseError(error: unknown): { code: string; constraint?: string } | undefined {
  let current = error
  for (let depth = 0; depth < 5 && current instanceof Error; depth += 1) {
    const candidate: { code?: unknown; constraint?: unknown; cause?: unknown } = current
    if (typeof candidate.code === 'string') {
      return typeof candidate.constraint === 'string'
        ? { code: candidate.code, constraint: candidate.constraint }
        : { code: candidate.code }
    }
    current = candidate.cause
  }
  return undefined
}
