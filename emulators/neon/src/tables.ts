import type { SqlBackend, Statement } from './backend.ts'

/** The tables of a database, for a status page. */
export type DatabaseOverview = { version: string; tables: TableInfo[] }
export type TableInfo = { schema: string; table: string; rows: number; isMore: boolean }

/** Counting stops here, to keep the page cheap. */
const MOST_ROWS = 100_000

/** @param role a role that may read all tables */
export async function overview(backend: SqlBackend, role: string): Promise<DatabaseOverview> {
  const named = await backend.single(role, plain(TABLES))
  const tables = named.rows.map(([schema, table, name]) => ({ schema: schema ?? '', table: table ?? '', name }))
  const counts = tables.map(({ name }) =>
    plain(`SELECT count(*) FROM (SELECT FROM ${name} LIMIT ${MOST_ROWS + 1}) rows`),
  )
  const [version, ...counted] = await backend.batch(role, [plain('SHOW server_version'), ...counts], { readOnly: true })
  return {
    version: version?.rows[0]?.[0] ?? '',
    tables: tables.map(({ schema, table }, index) => {
      const rows = Number(counted[index]?.rows[0]?.[0] ?? 0)
      return { schema, table, rows: Math.min(rows, MOST_ROWS), isMore: rows > MOST_ROWS }
    }),
  }
}

/** Postgres quotes the names, so that they are safe in the next statements. */
const TABLES = `
  SELECT n.nspname, c.relname, format('%I.%I', n.nspname, c.relname)
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p') AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'
  ORDER BY 1, 2`

function plain(text: string): Statement {
  return { text, params: [] }
}
