import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { neon, neonConfig } from '@neondatabase/serverless'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { startTestDatabase } from '../src/postgres/test-database.ts'
import { NOTES_MIGRATION, writeMigrations } from './support/migrations.ts'

vi.setConfig({ testTimeout: 60_000 })

const MORE = 'ALTER TABLE notes.note ADD COLUMN stars int DEFAULT 3'

let folder: string
let migrationsFolder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'neon-emulator-data-snapshot-'))
  // As root, Postgres runs as another user, who has to reach its data.
  await chmod(folder, 0o755)
  vi.stubEnv('TMPDIR', folder)
  migrationsFolder = await writeMigrations(join(folder, 'migrations'), [NOTES_MIGRATION])
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true })
})

const cacheDir = () => join(folder, 'cache')

async function start() {
  const database = await startTestDatabase({ migrationsFolder, cacheDir: cacheDir() })
  neonConfig.fetchEndpoint = database.neonEndpoint
  return { database, sql: neon(database.connectionString('notes_service')) }
}

describe('test databases of the same migrations', () => {
  it('are copied from one snapshot, migrated and empty', async () => {
    const first = await start()
    await first.sql`INSERT INTO notes.note VALUES (1, 'only here')`
    await first.database.stop()
    const snapshots = await readdir(cacheDir())
    expect(snapshots).toHaveLength(1)

    const second = await start()
    expect(await second.sql`SELECT * FROM notes.note`).toEqual([])
    await second.database.stop()
    expect(await readdir(cacheDir())).toEqual(snapshots)
    expect((await readdir(folder)).sort()).toEqual(['cache', 'migrations'])
  })

  it('may make the snapshot at the same time', async () => {
    const started = await Promise.all([start(), start()])
    for (const { database } of started) await database.stop()
    expect(await readdir(cacheDir())).toHaveLength(1)
  })
})

describe('a test database', () => {
  it('is never copied from a snapshot of other migrations, which is deleted', async () => {
    await (await start()).database.stop()
    const [before] = await readdir(cacheDir())
    await writeMigrations(migrationsFolder, [NOTES_MIGRATION, MORE])
    const second = await start()
    expect(await second.sql`SELECT stars FROM notes.note`).toEqual([])
    await second.database.stop()
    const left = await readdir(cacheDir())
    expect(left).toHaveLength(1)
    expect(left).not.toContain(before)
  })

  it('leaves no snapshot behind when a migration fails', async () => {
    await writeMigrations(migrationsFolder, ['SELECT 1;\n--> statement-breakpoint\nSELECT nonsense'])
    await expect(start()).rejects.toThrow('column "nonsense" does not exist')
    expect(await readdir(folder)).toEqual(['migrations'])
  })
})
