/** One statement with `$1…` placeholders. Parameters are in Postgres's text format. */
export type Statement = { text: string; params: readonly (string | null)[] }

export const ISOLATION_LEVELS = {
  ReadUncommitted: 'READ UNCOMMITTED',
  ReadCommitted: 'READ COMMITTED',
  RepeatableRead: 'REPEATABLE READ',
  Serializable: 'SERIALIZABLE',
} as const

export type IsolationLevel = keyof typeof ISOLATION_LEVELS

/** Absent options use the database's defaults. */
export type BatchOptions = { isolationLevel?: IsolationLevel; readOnly?: boolean; deferrable?: boolean }

export type Field = {
  name: string
  tableID: number
  columnID: number
  dataTypeID: number
  dataTypeSize: number
  dataTypeModifier: number
}

export type StatementResult = {
  /** The first word of Postgres's command tag; '' for an empty statement. */
  command: string
  /** null when the tag has no count, as for CREATE TABLE. */
  rowCount: number | null
  fields: Field[]
  /** Values in Postgres's text format. */
  rows: (string | null)[][]
}

/** Executes the statements of the Neon endpoint. Throws refusals by Postgres as Postgres reports them. */
export interface SqlBackend {
  /** Runs one statement as `role` in its own transaction. */
  single(role: string, statement: Statement): Promise<StatementResult>
  /** Runs all statements or none as `role` in one transaction. */
  batch(role: string, statements: readonly Statement[], options: BatchOptions): Promise<StatementResult[]>
  close(): Promise<void>
}

/** The statement that begins the transaction of a batch. */
export function beginStatement({ isolationLevel, readOnly, deferrable }: BatchOptions): Statement {
  const modes = [
    isolationLevel && `ISOLATION LEVEL ${ISOLATION_LEVELS[isolationLevel]}`,
    readOnly && 'READ ONLY',
    deferrable && 'DEFERRABLE',
  ].filter(Boolean)
  return { text: `BEGIN ${modes.join(', ')}`, params: [] }
}

export const COMMIT: Statement = { text: 'COMMIT', params: [] }
