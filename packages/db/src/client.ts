import { type NeonQueryFunction, neon, neonConfig } from '@neondatabase/serverless'
import { drizzle, type NeonHttpDatabase } from 'drizzle-orm/neon-http'
import { StatementFailed } from './errors.ts'

export type Db = NeonHttpDatabase & { $client: NeonQueryFunction<false, false> }

export type DatabaseOptions = {
  /** Of the service's own role. */
  connectionString: string
  /** The endpoint for queries. Empty means the host's own endpoint. */
  fetchEndpoint: string
  /** Sends the queries: workers count them and limit their time. Default: plain fetch. */
  fetch?: (url: string, init: RequestInit) => Promise<Response>
}

/**
 * A connection over HTTP: every query is one request, `batch` is one request and one transaction, and there is no
 * interactive transaction. The driver's settings are global, so a process has one endpoint.
 */
export function connect({ connectionString, fetchEndpoint, fetch: send }: DatabaseOptions): Db {
  if (fetchEndpoint !== '') neonConfig.fetchEndpoint = fetchEndpoint
  if (send !== undefined) neonConfig.fetchFunction = send
  return drizzle(neon(connectionString))
}

/** The text of a statement and its values. */
export type Statement = { text: string; values: unknown[] }

/**
 * Sends a statement unchanged, in one round trip. For frequent queries, since building a query takes longer than
 * sending it.
 *
 * @returns rows whose members are the columns that the text names
 * @throws StatementFailed
 */
export async function ask<R>(db: Db, { text, values }: Statement): Promise<R[]> {
  try {
    // The driver cannot type the columns; the text names them.
    return (await db.$client.query(text, values)) as R[]
  } catch (error) {
    throw new StatementFailed(text, error)
  }
}

/** Sends statements as one transaction, in one round trip; see {@link ask}. */
export async function askAll(db: Db, statements: Statement[]): Promise<unknown[][]> {
  try {
    return await db.$client.transaction(statements.map(({ text, values }) => db.$client.query(text, values)))
  } catch (error) {
    throw new StatementFailed(statements.map(({ text }) => text).join(';\n'), error)
  }
}
