import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SqlBackend } from '../../src/neon/backend.ts'
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
  const folder = await mkdtemp(join(tmpdir(), 'shop-pglite-'))
  const backend = await openPGlite(join(folder, 'data'))
  const close = async () => {
    await backend.close()
    await rm(folder, { recursive: true })
  }
  return { backend, adminUrl: null, close }
}

export async function openTemporaryPostgres(become: 'login' | 'set-role'): Promise<OpenBackend> {
  const dataDir = await mkdtemp(join(tmpdir(), 'shop-postgres-'))
  const server = await startEmbeddedPostgres({ dataDir, durable: false, temporary: true })
  const backend = openPools({ adminUrl: server.url, become })
  const close = async () => {
    await backend.close()
    await server.stop()
  }
  return { backend, adminUrl: server.url, close }
}
