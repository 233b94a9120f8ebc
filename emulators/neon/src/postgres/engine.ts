import { userInfo } from 'node:os'
import type { SqlBackend } from '../backend.ts'
import { migratePGliteDatabase, migratePostgres } from './migrate.ts'
import { pgliteSnapshot } from './pglite-snapshot.ts'

/** A URL is of a server that is there already; its user migrates, and must be allowed to take the services' roles. */
export type EngineName = 'pglite' | 'embedded' | `postgres://${string}` | `postgresql://${string}`

export type EngineOptions = {
  engine: EngineName
  /** Of no meaning with a URL. */
  dataDir: string
  /** Made by drizzle-kit; applied as superuser. */
  migrationsFolder: string
  /** Where what makes a new database quickly is kept. Left out, each is made from nothing. */
  cacheDir?: string
}

export type Engine = {
  backend: SqlBackend
  /** A Postgres URL as superuser; null for PGlite, which can only be reached through the Neon endpoint. */
  adminUrl: string | null
  /** The role that migrated. */
  adminRole: string
  /** Closes the backend and, if it was started here, the server. */
  close(): Promise<void>
}

export function isEngineName(text: string): text is EngineName {
  return text === 'pglite' || text === 'embedded' || /^postgres(?:ql)?:\/\//.test(text)
}

/*
 * Engines are loaded when they are asked for: PGlite starts in less time than the others take to load.
 */

/** Opens the engine and brings its schema up to date; when that fails, nothing stays open. */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  if (options.engine === 'pglite') return openPGliteEngine(options)
  if (options.engine === 'embedded') return openEmbeddedEngine({ ...options, durable: true })
  await migratePostgres(options.engine, options.migrationsFolder)
  const { openPools } = await import('./pools.ts')
  const backend = openPools({ adminUrl: options.engine, become: 'set-role' })
  return { backend, adminUrl: options.engine, adminRole: roleOf(options.engine), close: backend.close }
}

/** libpq's rule: without a user in the URL it is the one of the operating system. */
function roleOf(url: string): string {
  return decodeURIComponent(new URL(url).username) || userInfo().username
}

async function openPGliteEngine({ dataDir, migrationsFolder, cacheDir }: EngineOptions): Promise<Engine> {
  const { openPGlite } = await import('./pglite.ts')
  const backend = await openPGlite(dataDir, {
    migrate: (db) => migratePGliteDatabase(db, migrationsFolder),
    ...(cacheDir === undefined ? {} : { snapshot: await pgliteSnapshot(cacheDir, migrationsFolder) }),
  })
  return { backend, adminUrl: null, adminRole: 'postgres', close: backend.close }
}

export type EmbeddedEngineOptions = Omit<EngineOptions, 'engine'> & { durable: boolean; temporary?: boolean }

export async function openEmbeddedEngine({
  migrationsFolder,
  ...options
}: EmbeddedEngineOptions): Promise<Engine & { adminUrl: string }> {
  const [{ startEmbeddedPostgres }, { openPools }] = await Promise.all([import('./embedded.ts'), import('./pools.ts')])
  const server = await startEmbeddedPostgres(options)
  try {
    await migratePostgres(server.url, migrationsFolder)
  } catch (error) {
    await server.stop()
    throw error
  }
  const backend = openPools({ adminUrl: server.url, become: 'login' })
  const close = async () => {
    await backend.close()
    await server.stop()
  }
  return { backend, adminUrl: server.url, adminRole: roleOf(server.url), close }
}
