import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { withoutPassword } from '@shop/emulator-kit/without-password'
import pg from 'pg'
import type { SqlBackend } from '../../src/backend.ts'
import { startEmbeddedPostgres } from '../../src/postgres/embedded.ts'
import { openPGlite } from '../../src/postgres/pglite.ts'
import { openPools } from '../../src/postgres/pools.ts'

export type OpenBackend = {
  backend: SqlBackend
  /** null for PGlite. */
  adminUrl: string | null
  close(): Promise<void>
}

export async function openTemporaryPGlite(): Promise<OpenBackend> {
  const folder = await mkdtemp(join(tmpdir(), 'neon-emulator-pglite-'))
  const backend = await openPGlite(join(folder, 'data'))
  const close = async () => {
    await backend.close()
    await rm(folder, { recursive: true })
  }
  return { backend, adminUrl: null, close }
}

export async function openTemporaryPostgres(become: 'login' | 'set-role'): Promise<OpenBackend> {
  const dataDir = await mkdtemp(join(tmpdir(), 'neon-emulator-postgres-'))
  const server = await startEmbeddedPostgres({ dataDir, durable: false, temporary: true })
  const backend = openPools({ adminUrl: server.url, become })
  const close = async () => {
    await backend.close()
    await server.stop()
  }
  return { backend, adminUrl: server.url, close }
}

/** A new database on an existing server. The end drops it and the `roles` that the tests create. */
export async function openDatabaseAt(serverUrl: string, roles: readonly string[]): Promise<OpenBackend> {
  const name = `neon_emulator_conformance_${randomUUID().replaceAll('-', '')}`
  await asAdmin(serverUrl, [`CREATE DATABASE ${name}`])
  const url = new URL(serverUrl)
  url.pathname = name
  const backend = openPools({ adminUrl: url.href, become: 'set-role' })
  const close = async () => {
    await backend.close()
    const drops = roles.map((role) => `DROP ROLE IF EXISTS "${role}"`)
    await asAdmin(serverUrl, [`DROP DATABASE ${name} WITH (FORCE)`, ...drops])
  }
  return { backend, adminUrl: url.href, close }
}

async function asAdmin(url: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect().catch((cause: unknown) => {
    throw new Error(`No PostgreSQL answers at ${withoutPassword(url)}`, { cause })
  })
  for (const statement of statements) await client.query(statement)
  await client.end()
}
