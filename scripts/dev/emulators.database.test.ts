import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startDatabaseProcess } from '@shop/neon-emulator/postgres/start-database-process'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startDatabase } from './emulators.ts'
import { readOptions } from './options.ts'
import { Parts } from './parts.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const MIGRATIONS = join(ROOT, 'packages/db/migrations')

let local: string
beforeEach(async () => {
  local = await mkdtemp(join(tmpdir(), 'shop-local-'))
})
afterEach(() => rm(local, { recursive: true }))

/** A local folder as a version of the shop with other tables has left it. */
async function leaveOlderDatabase(): Promise<void> {
  const migrationsFolder = join(local, 'older-migrations')
  await cp(MIGRATIONS, migrationsFolder, { recursive: true })
  const [first = ''] = await tagsOf(migrationsFolder)
  const file = join(migrationsFolder, `${first}.sql`)
  await writeFile(file, `CREATE TABLE older (id int);--> statement-breakpoint\n${await readFile(file, 'utf8')}`)
  const dataDir = join(local, 'postgres', 'pglite')
  await (await startDatabaseProcess({ engine: 'pglite', dataDir, migrationsFolder, port: 0 })).stop()
}

async function tagsOf(migrationsFolder: string): Promise<string[]> {
  const journal = JSON.parse(await readFile(join(migrationsFolder, 'meta/_journal.json'), 'utf8'))
  return journal.entries.map(({ tag }: { tag: string }) => tag)
}

// Creating a database takes seconds, more on a busy machine.
it('names the command that creates a new shop, when other migrations created the local one', {
  timeout: 60_000,
}, async () => {
  await leaveOlderDatabase()
  const options = readOptions(ROOT, [], { LOCAL_DIR: local, DEV_VARS: join(local, '.dev.vars') })
  const places = { root: ROOT, local, cacheDir: join(local, 'cache') }
  await expect(startDatabase(new Parts(), places, options)).rejects.toThrow(
    `The data in ${local} was created by other migrations. To start again without it: npm run dev -- --reset`,
  )
})
