import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { migratePGliteDatabase } from '../src/postgres/migrate.ts'
import { openPGlite } from '../src/postgres/pglite.ts'
import { type PGliteSnapshot, pgliteSnapshot, snapshotKey } from '../src/postgres/pglite-snapshot.ts'
import { NOTES_MIGRATION, writeMigrations } from './support/migrations.ts'

const MORE = 'ALTER TABLE notes.note ADD COLUMN stars int DEFAULT 3'

let folder: string
let migrationsFolder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'neon-emulator-snapshot-'))
  migrationsFolder = await writeMigrations(join(folder, 'migrations'), [NOTES_MIGRATION])
})
afterEach(() => rm(folder, { recursive: true }))

const cacheDir = () => join(folder, 'cache')

/** A database with the current migrations, and mocks that record the use of its snapshot. */
async function open(name: string) {
  const real = await pgliteSnapshot(cacheDir(), migrationsFolder)
  const snapshot = { load: vi.fn(real.load), save: vi.fn(real.save), discard: vi.fn(real.discard) }
  const migrate = (db: Parameters<PGliteSnapshot['save']>[0]) => migratePGliteDatabase(db, migrationsFolder)
  const backend = await openPGlite(join(folder, name), { migrate, snapshot, repairHint: 'Delete it.' })
  const query = async (text: string) => (await backend.single('notes_service', { text, params: [] })).rows
  return { backend, snapshot, query }
}

describe('the key of a snapshot', () => {
  it('is equal for equal migrations in any folder', async () => {
    const copy = await writeMigrations(join(folder, 'copy'), [NOTES_MIGRATION])
    expect(await snapshotKey(copy)).toBe(await snapshotKey(migrationsFolder))
  })

  it.each([
    ['a migration is added', [NOTES_MIGRATION, MORE]],
    ['one changes by a letter', [`${NOTES_MIGRATION}\n`]],
    ['one is removed', []],
  ])('changes when %s', async (_, migrations) => {
    const before = await snapshotKey(migrationsFolder)
    await rm(migrationsFolder, { recursive: true })
    expect(await snapshotKey(await writeMigrations(migrationsFolder, migrations))).not.toBe(before)
  })

  it('changes when only their order or times change', async () => {
    const before = await snapshotKey(migrationsFolder)
    await writeFile(join(migrationsFolder, 'meta', '_journal.json'), '{"entries":[{"when":9999,"tag":"0000_step"}]}')
    expect(await snapshotKey(migrationsFolder)).not.toBe(before)
  })
})

describe('a new database', () => {
  it('is copied from the snapshot of an earlier one, migrated and empty', async () => {
    const first = await open('first')
    await first.query(`INSERT INTO notes.note VALUES (1, 'only here')`)
    await first.backend.close()
    expect(first.snapshot.save).toHaveBeenCalledOnce()

    const second = await open('second')
    expect(await second.query('SELECT * FROM notes.note')).toEqual([])
    await second.query(`INSERT INTO notes.note VALUES (2, 'written later')`)
    await second.backend.close()
    expect(await second.snapshot.load.mock.results[0]?.value).toBeInstanceOf(Blob)
    expect(second.snapshot.save).not.toHaveBeenCalled()

    const again = await open('second')
    expect(await again.query('SELECT id FROM notes.note')).toEqual([['2']])
    expect(again.snapshot.load).not.toHaveBeenCalled()
    await again.backend.close()
  })

  it('is never copied from a snapshot of other migrations, which is deleted', async () => {
    await (await open('first')).backend.close()
    const [before] = await readdir(cacheDir())
    await writeMigrations(migrationsFolder, [NOTES_MIGRATION, MORE])
    const second = await open('second')
    expect(await second.snapshot.load.mock.results[0]?.value).toBeUndefined()
    expect(await second.query('SELECT stars FROM notes.note')).toEqual([])
    await second.backend.close()
    const left = await readdir(cacheDir())
    expect(left).toHaveLength(1)
    expect(left).not.toContain(before)
  })

  it('is created without a broken snapshot, and a new snapshot is saved', async () => {
    await (await open('first')).backend.close()
    const [name = ''] = await readdir(cacheDir())
    await writeFile(join(cacheDir(), name), 'no archive')
    const second = await open('second')
    expect(await second.query('SELECT * FROM notes.note')).toEqual([])
    await second.backend.close()
    const third = await open('third')
    expect(third.snapshot.save).not.toHaveBeenCalled()
    await third.backend.close()
  })

  it('is created again when its creation was interrupted', async () => {
    const dataDir = join(folder, 'half')
    await mkdir(join(dataDir, 'base'), { recursive: true })
    await writeFile(join(dataDir, 'PG_VERSION'), '17')
    await writeFile(`${dataDir}.unfinished`, '')
    const opened = await open('half')
    expect(await opened.query('SELECT * FROM notes.note')).toEqual([])
    await opened.backend.close()
    expect((await readdir(folder)).sort()).toEqual(['cache', 'half', 'migrations'])
  })
})

it("reports a database that cannot be opened with the caller's hint, and does not change it", async () => {
  const dataDir = join(folder, 'broken')
  await mkdir(dataDir)
  await writeFile(join(dataDir, 'PG_VERSION'), '17')
  await expect(open('broken')).rejects.toThrow(/^The database in .*broken cannot be opened: .*\. Delete it\.$/s)
  expect(await readdir(dataDir)).toContain('PG_VERSION')
})
