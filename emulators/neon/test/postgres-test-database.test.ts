import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { neon, neonConfig } from '@neondatabase/serverless'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { startTestDatabase } from '../src/postgres/test-database.ts'
import { NOTES_MIGRATION, writeMigrations } from './support/migrations.ts'

vi.setConfig({ testTimeout: 30_000 })

let folder: string
/** The folder for temporary files of one test: other tests start databases at the same time. */
let temporary: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'neon-emulator-migrations-'))
  temporary = await mkdtemp(join(tmpdir(), 'neon-emulator-temporary-'))
  // As root, Postgres runs as another user, who has to reach its data.
  await chmod(temporary, 0o755)
  vi.stubEnv('TMPDIR', temporary)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await Promise.all([folder, temporary].map((path) => rm(path, { recursive: true })))
})

const leftovers = () => readdir(temporary)

describe('startTestDatabase', () => {
  it('serves a migrated database over Neon and Postgres, and leaves nothing behind', async () => {
    const database = await startTestDatabase({ migrationsFolder: await writeMigrations(folder, [NOTES_MIGRATION]) })
    neonConfig.fetchEndpoint = database.neonEndpoint
    const sql = neon(database.connectionString('notes_service'))
    await sql`INSERT INTO notes.note VALUES (1, 'hello')`
    expect(await sql`SELECT public.similarity(body, 'hallo') > 0.3 AS alike FROM notes.note`).toEqual([{ alike: true }])
    expect(database.counts()).toEqual({ roundTrips: 2 })
    database.resetCounts()
    expect(database.counts()).toEqual({ roundTrips: 0 })

    const admin = new pg.Client({ connectionString: database.adminUrl })
    await admin.connect()
    expect((await admin.query('SHOW max_connections')).rows).toEqual([{ max_connections: '100' }])
    await admin.end()

    await database.stop()
    expect(await leftovers()).toEqual([])
    await expect(fetch(database.neonEndpoint)).rejects.toThrow()
  })

  it('leaves nothing behind when a migration fails', async () => {
    const migrationsFolder = await writeMigrations(folder, ['SELECT 1;\n--> statement-breakpoint\nSELECT nonsense'])
    await expect(startTestDatabase({ migrationsFolder })).rejects.toThrow('column "nonsense" does not exist')
    expect(await leftovers()).toEqual([])
  })
})
