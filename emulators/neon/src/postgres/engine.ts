import { userInfo } from 'node:os'
import type { SqlBackend } from '../backend.ts'
import { migratePGliteDatabase, migratePostgres } from './migrate.ts'
import { pgliteSnapshot } from './pglite-snapshot.ts'

/** A URL names an existing server. Its user runs the migrations and must be allowed to SET ROLE to every used role. */
export type EngineName = 'pglite' | 'embedded' | `postgres://${string}` | `postgresql://${string}`

export type EngineOptions = {
  engine: EngineName
  /** Ignored for a URL. */
  dataDir: string
  /** Migrations by drizzle-kit, applied as superuser. */
  migrationsFolder: string
  /** The directory of PGlite snapshots. By default every database is created without one. */
  cacheDir?: string
  /** Appended to the error when the database cannot be opened, for example how to delete it. */
  repairHint?: string
}

export type Engine = {
  backend: SqlBackend
  /** The superuser's Postgres URL; null for PGlite, which only the Neon endpoint reaches. */
  adminUrl: string | null
  /** The role that ran the migrations. */
  adminRole: string
  /** Closes the backend and, if this process started it, the server. */
  close(): Promise<void>
}

export function isEngineName(text: string): text is EngineName {
  return text === 'pglite' || text === 'embedded' || /^postgres(?:ql)?:\/\//.test(text)
}

/**
 * Opens the engine and applies the migrations. Nothing stays open after a failure.
 *
 * Loads only the requested engine, because PGlite starts in less time than the others take to load.
 */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  if (options.engine === 'pglite') return openPGliteEngine(options)
  if (options.engine === 'embedded') return openEmbeddedEngine({ ...options, durable: true })
  await migratePostgres(options.engine, options.migrationsFolder)
  const { openPools } = await import('./pools.ts')
  const backend = openPools({ adminUrl: options.engine, become: 'set-role' })
  return { backend, adminUrl: options.engine, adminRole: roleOf(options.engine), close: backend.close }
}

/** As in libpq, the default user is the operating system's. */
function roleOf(url: string): string {
  return decodeURIComponent(new URL(url).username) || userInfo().username
}

async function openPGliteEngine({ dataDir, migrationsFolder, cacheDir, repairHint }: EngineOptions): Promise<Engine> {
  const { openPGlite } = await import('./pglite.ts')
  const backend = await openPGlite(dataDir, {
    migrate: (db) => migratePGliteDatabase(db, migrationsFolder),
    ...(repairHint === undefined ? {} : { repairHint }),
    ...(cacheDir === undefined ? {} : { snapshot: await pgliteSnapshot(cacheDir, migrationsFolder) }),
  })
  return { backend, adminUrl: null, adminRole: 'postgres', close: backend.close }
}

export type EmbeddedEngineOptions = Omit<EngineOptions, 'engine' | 'cacheDir' | 'repairHint'> & {
  durable: boolean
  temporary?: boolean
}

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
