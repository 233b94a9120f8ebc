import pg from 'pg'
import {
  type BatchOptions,
  beginStatement,
  COMMIT,
  type SqlBackend,
  type Statement,
  type StatementResult,
} from '../backend.ts'
import { isPostgresError, postgresError } from '../errors.ts'
import { leavesSessionState } from './session-state.ts'

export type PoolsOptions = {
  /** The URL of a user that may act as any role. */
  adminUrl: string
  /**
   * 'login': each role logs in by its own name, without a password.
   * 'set-role': the admin logs in and runs SET ROLE, which needs no password. `session_user` stays the admin.
   */
  become: 'login' | 'set-role'
}

/** Six roles fit into 100 connections. Postgres reserves some, and tests open a few. */
const CONNECTIONS_PER_ROLE = 14
const UNKNOWN_ROLE_SETTING = '22023'
const RAW_TEXT: pg.CustomTypesConfig = { getTypeParser: () => (text: string) => text }

/** A backend on a real PostgreSQL with one connection pool per role. */
export function openPools({ adminUrl, become }: PoolsOptions): SqlBackend {
  const pools = new Map<string, pg.Pool>()

  async function connect(role: string): Promise<pg.PoolClient> {
    const pool = pools.get(role) ?? openPool(role)
    try {
      return await pool.connect()
    } catch (error) {
      if (pool.totalCount === 0 && pools.get(role) === pool) pools.delete(role)
      const isUnknownRole = isPostgresError(error) && error.code === UNKNOWN_ROLE_SETTING
      throw isUnknownRole ? postgresError('28000', `role "${role}" does not exist`) : error
    }
  }

  function openPool(role: string): pg.Pool {
    const pool = new pg.Pool({
      ...(become === 'login' ? loginAs(adminUrl, role) : setRole(adminUrl, role)),
      max: CONNECTIONS_PER_ROLE,
      // Sends a batch in one write and reads it in one read, instead of a round trip per statement.
      pipeline: true,
    })
    // A query reports a lost connection, and the pool replaces it. Without listeners, these events end the process.
    pool.on('error', () => {})
    pool.on('connect', (client) => client.on('error', () => {}))
    pools.set(role, pool)
    return pool
  }

  async function run(role: string, statements: readonly Statement[], isDirty: boolean): Promise<StatementResult[]> {
    const client = await connect(role)
    const outcomes = await Promise.allSettled(statements.map((statement) => send(client, statement)))
    const failed = outcomes.find((outcome) => outcome.status === 'rejected')
    client.release(isDirty || (failed !== undefined && endsConnection(failed.reason)))
    if (failed) throw failed.reason
    return outcomes.map((outcome) => (outcome as PromiseFulfilledResult<StatementResult>).value)
  }

  return {
    single: async (role, statement) =>
      (await run(role, [statement], leavesSessionState(statement.text)))[0] as StatementResult,
    batch: async (role, statements, options: BatchOptions) => {
      const isDirty = statements.some(({ text }) => leavesSessionState(text))
      return (await run(role, [beginStatement(options), ...statements, COMMIT], isDirty)).slice(1, -1)
    },
    close: async () => {
      await Promise.all([...pools.values()].map((pool) => pool.end()))
    },
  }
}

function endsConnection(error: unknown): boolean {
  return !isPostgresError(error) || error.severity !== 'ERROR'
}

function loginAs(adminUrl: string, role: string): pg.PoolConfig {
  const url = new URL(adminUrl)
  url.username = encodeURIComponent(role)
  return { connectionString: url.href }
}

function setRole(adminUrl: string, role: string): pg.PoolConfig {
  const escaped = role.replace(/[\\\s]/g, '\\$&')
  return { connectionString: adminUrl, options: `-c role=${escaped}` }
}

async function send(client: pg.PoolClient, { text, params }: Statement): Promise<StatementResult> {
  // Uses the extended protocol even without parameters, since the simple one runs several statements in one string.
  const query: pg.QueryArrayConfig & { queryMode: 'extended' } = {
    text,
    values: [...params],
    rowMode: 'array',
    types: RAW_TEXT,
    queryMode: 'extended',
  }
  const { command, rowCount, fields, rows } = await client.query<(string | null)[]>(query)
  return {
    command: command ?? '',
    rowCount,
    fields: fields.map(({ name, tableID, columnID, dataTypeID, dataTypeSize, dataTypeModifier }) => ({
      name,
      tableID,
      columnID,
      dataTypeID,
      dataTypeSize,
      dataTypeModifier,
    })),
    rows,
  }
}
