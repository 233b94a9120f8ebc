import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '@shop/neon-emulator/postgres/embedded'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { migrateDatabase } from './migrate.ts'

let server: Awaited<ReturnType<typeof startEmbeddedPostgres>>
let client: pg.Client
beforeAll(async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'shop-migrate-'))
  server = await startEmbeddedPostgres({ dataDir, durable: false, temporary: true })
  client = new pg.Client({ connectionString: server.url })
  await client.connect()
})
afterAll(async () => {
  await client.end()
  await server.stop()
})

it('migrates an empty database, sets the passwords of the roles, and changes nothing the second time', async () => {
  const env = { USERS_DATABASE_URL: 'postgresql://users_service:p%40ss@db.example/shop' }
  await migrateDatabase(server.url, env)
  await migrateDatabase(server.url, env)
  const roles = await client.query(
    "select rolname, rolpassword is not null as has_password from pg_authid where rolname like '%\\_service' order by 1",
  )
  expect(roles.rows).toEqual([
    { rolname: 'catalog_service', has_password: false },
    { rolname: 'notifications_service', has_password: false },
    { rolname: 'orders_service', has_password: false },
    { rolname: 'payments_service', has_password: false },
    { rolname: 'users_service', has_password: true },
  ])
})

it('refuses the pooled host of Neon', async () => {
  const pooled = 'postgresql://owner:secret@ep-cool-1-pooler.eu-central-1.aws.neon.tech/shop'
  await expect(migrateDatabase(pooled, {})).rejects.toThrow('direct host')
})

/** A separate database that has applied all of the given migrations but the last. */
async function withHistory(name: string, migrations: string[], test: (url: string, folder: string) => Promise<void>) {
  await client.query(`create database ${name}`)
  const url = new URL(server.url)
  url.pathname = `/${name}`
  const folder = await mkdtemp(join(tmpdir(), 'shop-migrations-'))
  const write = async (count: number) => {
    const entries = migrations
      .slice(0, count)
      .map((_, idx) => ({ idx, version: '7', when: idx + 1, tag: `000${idx}`, breakpoints: true }))
    await mkdir(join(folder, 'meta'), { recursive: true })
    await writeFile(
      join(folder, 'meta/_journal.json'),
      JSON.stringify({ version: '7', dialect: 'postgresql', entries }),
    )
    for (const { idx, tag } of entries) await writeFile(join(folder, `${tag}.sql`), migrations[idx] ?? '')
  }
  try {
    await write(migrations.length - 1)
    await migrateDatabase(url.href, {}, { folder })
    await write(migrations.length)
    await test(url.href, folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function ask(url: string, ...queries: string[]): Promise<unknown[]> {
  const other = new pg.Client({ connectionString: url })
  await other.connect()
  try {
    let rows: unknown[] = []
    for (const query of queries) rows = (await other.query({ text: query, rowMode: 'array' })).rows.flat()
    return rows
  } finally {
    await other.end()
  }
}

const columnsOf = (url: string) =>
  ask(url, "select column_name from information_schema.columns where table_schema = 'a' order by 1")

const TABLE = 'CREATE SCHEMA a;\n--> statement-breakpoint\nCREATE TABLE a.t (x int, y int);'

it('applies nothing that would break live code', () =>
  withHistory('unannounced', [TABLE, 'ALTER TABLE a.t DROP COLUMN y;'], async (url, folder) => {
    await expect(migrateDatabase(url, {}, { folder })).rejects.toThrow('removes')
    expect(await columnsOf(url)).toEqual(['x', 'y'])
  }))

it('postpones what removes something until after the deployment', () =>
  withHistory('announced', [TABLE, '-- contract: unused\nALTER TABLE a.t DROP COLUMN y;'], async (url, folder) => {
    await migrateDatabase(url, {}, { folder })
    expect(await columnsOf(url)).toEqual(['x', 'y'])
    await migrateDatabase(url, {}, { folder, contract: true })
    expect(await columnsOf(url)).toEqual(['x'])
    await migrateDatabase(url, {}, { folder })
  }))

it('builds no index on a large live table, unless it exists already', () =>
  withHistory(
    'large',
    [
      `${TABLE}\n--> statement-breakpoint\nINSERT INTO a.t SELECT n, n FROM generate_series(1, 100001) n;`,
      'CREATE INDEX IF NOT EXISTS t_y ON a.t (y);',
    ],
    async (url, folder) => {
      await ask(url, 'analyze a.t')
      await expect(migrateDatabase(url, {}, { folder })).rejects.toThrow('would lock a.t')
      await ask(url, 'create index concurrently t_y on a.t (y)')
      await expect(migrateDatabase(url, {}, { folder })).resolves.toBeUndefined()
    },
  ))
