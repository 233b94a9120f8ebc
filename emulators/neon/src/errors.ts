/** The fields that the client copies from the body of an HTTP 400 to its NeonDbError (`hi` in its source). */
const ERROR_FIELDS = [
  'severity',
  'code',
  'detail',
  'hint',
  'position',
  'internalPosition',
  'internalQuery',
  'where',
  'schema',
  'table',
  'column',
  'dataType',
  'constraint',
  'file',
  'line',
  'routine',
] as const

export type PostgresError = Error & { code: string; severity: string }

/** Whether the error is a refusal by Postgres, with SQLSTATE and fields to pass on. */
export function isPostgresError(error: unknown): error is PostgresError {
  if (!(error instanceof Error)) return false
  const { code, severity } = error as Partial<PostgresError>
  return typeof code === 'string' && typeof severity === 'string'
}

export function postgresErrorBody(error: PostgresError): Record<string, string> {
  const body: Record<string, string> = { message: error.message }
  for (const name of ERROR_FIELDS) {
    const value = (error as unknown as Record<string, unknown>)[name]
    if (value !== undefined && value !== null) body[name] = String(value)
  }
  return body
}

/** A refusal in Postgres's format, for checks that the engine lacks. */
export function postgresError(code: string, message: string): PostgresError {
  return Object.assign(new Error(message), { code, severity: 'ERROR' })
}

/** The request is malformed. For 400 the client throws a NeonDbError with a message and without a code. */
export class BadRequest extends Error {
  override readonly name = 'BadRequest'
  readonly status: number

  constructor(message: string, status = 400) {
    super(message)
    this.status = status
  }
}
