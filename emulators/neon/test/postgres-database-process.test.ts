import { chmod, cp, mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { neon, neonConfig } from '@neondatabase/serverless'
import { runScript, untilGone } from '@shop/emulator-kit/testing/processes'
import getPort from 'get-port'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { EngineName } from '../src/postgres/engine.ts'
import { openPGlite } from '../src/postgres/pglite.ts'
import { startDatabaseProcess } from '../src/postgres/start-database-process.ts'
import { NOTES_MIGRATION, writeMigrations } from './support/migrations.ts'

neonConfig.fetchEndpoint = (host, port) => `http://${host}:${port}/sql`

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

/** An empty PGlite database. Copying it is faster than creating a new one, which takes seconds. */
let emptyPGlite: string
let folder: string
let migrationsFolder: string

beforeAll(async () => {
  emptyPGlite = await mkdtemp(join(tmpdir(), 'neon-emulator-empty-pglite-'))
  await (await openPGlite(join(emptyPGlite, 'data'))).close()
})
afterAll(() => rm(emptyPGlite, { recursive: true }))
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'neon-emulator-database-process-'))
  // For root, PostgreSQL runs as another user, who must be able to reach its data.
  await chmod(folder, 0o755)
  migrationsFolder = await writeMigrations(join(folder, 'migrations'), [NOTES_MIGRATION])
})
afterEach(() => rm(folder, { recursive: true }))

async function start(engine: EngineName = 'pglite', { port = 0, name = 'data' } = {}) {
  return startDatabaseProcess(await optionsFor(engine, port, name))
}

async function optionsFor(engine: EngineName, port = 0, name = 'data') {
  const dataDir = join(folder, name)
  const isNew = engine === 'pglite' && (await stat(dataDir).catch(() => undefined)) === undefined
  if (isNew) await cp(join(emptyPGlite, 'data'), dataDir, { recursive: true })
  return { engine, dataDir, port, migrationsFolder }
}

/** neon() for the role of the migration at the endpoint of a database process. */
const notesAt = (url: string) => neon(`postgres://notes_service@${new URL(url).host}/app`)

describe.each(['pglite', 'embedded'] as const)('the database process with %s', (engine) => {
  it('migrates, serves, and keeps data across a restart', async () => {
    const first = await start(engine)
    await notesAt(first.url)`INSERT INTO notes.note VALUES (1, 'kept')`
    await first.stop()

    await writeMigrations(migrationsFolder, [NOTES_MIGRATION, 'ALTER TABLE notes.note ADD COLUMN stars int DEFAULT 3'])
    const second = await start(engine)
    expect(await notesAt(second.url)`SELECT * FROM notes.note`).toEqual([{ id: '1', body: 'kept', stars: 3 }])
    await second.stop()
  })

  it('loses no acknowledged write when it is SIGKILLed during writes', async () => {
    const first = await start(engine)
    const sql = notesAt(first.url)
    const acknowledged = new Set<number>()
    let next = 0
    const write = async () => {
      for (;;) {
        const id = ++next
        await sql.transaction([
          sql`INSERT INTO notes.note VALUES (${id}, ${'x'.repeat(500)})`,
          sql`INSERT INTO notes.note VALUES (${-id}, 'its other half')`,
        ])
        acknowledged.add(id)
        if (acknowledged.size === 400) process.kill(first.pid, 'SIGKILL')
      }
    }
    await Promise.allSettled(Array.from({ length: 8 }, write))
    await first.exited
    expect(acknowledged.size).toBeGreaterThanOrEqual(400)

    const second = await start(engine)
    const rows = await notesAt(second.url)`SELECT id::int AS id FROM notes.note`
    const found = new Set(rows.map((row) => row.id as number))
    expect([...acknowledged].filter((id) => !found.has(id))).toEqual([])
    expect([...found].filter((id) => !found.has(-id))).toEqual([])
    await second.stop()
  })

  it('names a taken port and releases the database', async () => {
    const first = await start(engine)
    const port = Number(new URL(first.url).port)
    await expect(start(engine, { port, name: 'other' })).rejects.toThrow(
      `Port ${port} on 127.0.0.1, wanted for the Neon endpoint`,
    )
    const free = await start(engine, { name: 'other' })
    await Promise.all([first.stop(), free.stop()])
  })

  it('reports why a migration failed', async () => {
    await writeMigrations(migrationsFolder, ['CREATE TABLE broken (id nonsense)'])
    await expect(start(engine)).rejects.toThrow('type "nonsense" does not exist')
  })

  it('ends when its parent is SIGKILLed, and the next one can start at once', async () => {
    const options = JSON.stringify(await optionsFor(engine))
    const { child, firstLine } = runScript(`
      import { startDatabaseProcess } from '@shop/neon-emulator/postgres/start-database-process'
      console.log((await startDatabaseProcess(${options})).pid)`)
    const pid = Number(await firstLine)
    child.kill('SIGKILL')
    await (await start(engine)).stop()
    await untilGone(pid)
  })
})

describe('the database process', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('closes in good order on %s', async (signal) => {
    const running = await start()
    process.kill(running.pid, signal)
    await running.exited
    expect((await readdir(folder)).sort()).toEqual(['data', 'migrations'])
  })

  it('listens at the given port', async () => {
    const port = await getPort()
    const running = await start('pglite', { port })
    expect(running).toMatchObject({ url: `http://127.0.0.1:${port}/sql`, adminUrl: null })
    await running.stop()
  })

  it('serves an existing PostgreSQL and acts as other roles through its user', async () => {
    const server = await start('embedded')
    const running = await start(server.adminUrl as EngineName)
    expect(await notesAt(running.url)`SELECT current_user AS name`).toEqual([{ name: 'notes_service' }])
    await expect(notesAt(running.url)`SELECT * FROM drizzle.__drizzle_migrations`).rejects.toMatchObject({
      code: '42501',
    })
    await running.stop()
    await server.stop()
  })

  it('names the process that has the database open', async () => {
    const running = await start()
    await expect(start()).rejects.toThrow(
      `The database in ${join(folder, 'data')} is in use by process ${running.pid}. Stop it first`,
    )
    await running.stop()
  })

  it('reports a folder without migrations', async () => {
    const empty = join(folder, 'empty')
    await mkdir(empty)
    const options = { engine: 'pglite', dataDir: join(folder, 'data'), port: 0, migrationsFolder: empty } as const
    await expect(startDatabaseProcess(options)).rejects.toThrow(`There are no migrations in ${empty}`)
  })

  it('refuses an unknown engine', async () => {
    await expect(start('mysql' as EngineName)).rejects.toThrow(
      'The engine must be pglite, embedded or a postgres:// URL',
    )
  })
})
