/** One statement with `$1…` placeholders; parameters in Postgres's text form. */
export type Statement = { text: string; params: readonly (string | null)[] }

export const ISOLATION_LEVELS = {
  ReadUncommitted: 'READ UNCOMMITTED',
  ReadCommitted: 'READ COMMITTED',
  RepeatableRead: 'REPEATABLE READ',
  Serializable: 'SERIALIZABLE',
} as const

export type IsolationLevel = keyof typeof ISOLATION_LEVELS

/** Left out means what the database's own default says. */
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
  /** First word of Postgres's command tag, '' for an empty statement. */
  command: string
  /** null where the tag carries no count, as for CREATE TABLE. */
  rowCount: number | null
  fields: Field[]
  /** Values in Postgres's text form. */
  rows: (string | null)[][]
}

/** What executes the statements of the Neon endpoint. A refusal by Postgres is thrown as Postgres reported it. */
export interface SqlBackend {
  /** Runs one statement as `role`, in a transaction of its own. */
  single(role: string, statement: Statement): Promise<StatementResult>
  /** Runs all or nothing, as `role`, in one transaction. */
  batch(role: string, statements: readonly Statement[], options: BatchOptions): Promise<StatementResult[]>
  close(): Promise<void>
}

/** The statement that opens the transaction of a batch. */
export function beginStatement({ isolationLevel, readOnly, deferrable }: BatchOptions): Statement {
  const modes = [
    isolationLevel && `ISOLATION LEVEL ${ISOLATION_LEVELS[isolationLevel]}`,
    readOnly && 'READ ONLY',
    deferrable && 'DEFERRABLE',
  ].filter(Boolean)
  return { text: `BEGIN ${modes.join(', ')}`, params: [] }
}

export const COMMIT: Statement = { text: 'COMMIT', params: [] }
