/**
 * Brings the tables of a Durable Object up to date: applies the steps that are missing, all or none. An object starts
 * with the tables of the version that ran it last, however long ago, so a deployed step is never edited.
 *
 * Objects are rolled back, too: then older code meets tables that have more steps than it knows. So a step only adds
 * (expand), unless it begins with `-- contract: <reason>`: see docs/deploy.md. Statements name their columns, and update
 * rows instead of replacing them: what older code does not know stays as it is.
 */
export function migrateObject(storage: DurableObjectStorage, steps: readonly string[]): void {
  const { sql } = storage
  sql.exec(
    'CREATE TABLE IF NOT EXISTS schema_version (id INTEGER PRIMARY KEY CHECK (id = 1), version INTEGER NOT NULL)',
  )
  const [row] = sql.exec<{ version: number }>('SELECT version FROM schema_version').toArray()
  const missing = steps.slice(row?.version ?? 0)
  if (missing.length === 0) return
  storage.transactionSync(() => {
    for (const step of missing) sql.exec(step)
    sql.exec(
      'INSERT INTO schema_version (id, version) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET version = excluded.version',
      steps.length,
    )
  })
}
