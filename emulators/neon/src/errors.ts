/** What the client copies from the body of an HTTP 400 to its NeonDbError (`hi` in its source, in that order). */
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

/** Whether Postgres itself refused, so that its SQLSTATE and fields are worth passing on. */
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

/** A Postgres refusal raised on this side of the wire, where the engine lacks it. */
export function postgresError(code: string, message: string): PostgresError {
  return Object.assign(new Error(message), { code, severity: 'ERROR' })
}

/** The request was not understood. With 400 the client throws a NeonDbError that has a message and no code. */
export class BadRequest extends Error {
  override readonly name = 'BadRequest'
  readonly status: number

  constructor(message: string, status = 400) {
    super(message)
    this.status = status
  }
}
