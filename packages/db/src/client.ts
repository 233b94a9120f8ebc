import { neon, neonConfig } from '@neondatabase/serverless'
import { drizzle, type NeonHttpDatabase } from 'drizzle-orm/neon-http'

export type Db = NeonHttpDatabase

export type DatabaseOptions = {
  /** Of the service's own role. */
  connectionString: string
  /** Where to send queries instead of the host's own endpoint; empty means the latter. */
  fetchEndpoint: string
  /** How to send them: workers count them and limit their time. Default: plain fetch. */
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
