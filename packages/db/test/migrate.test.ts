import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '@shop/local-cloud/postgres/embedded'
import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { migrateDatabase } from '../../../scripts/migrate.ts'

let server: Awaited<ReturnType<typeof startEmbeddedPostgres>>
beforeAll(async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'shop-migrate-'))
  server = await startEmbeddedPostgres({ dataDir, durable: false, temporary: true })
})
afterAll(() => server.stop())

it('brings an empty database up to date, gives the roles their passwords, and changes nothing the second time', async () => {
  const env = { USERS_DATABASE_URL: 'postgresql://users_service:p%40ss@db.example/shop' }
  await migrateDatabase(server.url, env)
  await migrateDatabase(server.url, env)
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  const roles = await client.query(
    "select rolname, rolpassword is not null as has_password from pg_authid where rolname like '%\\_service' order by 1",
  )
  await client.end()
  expect(roles.rows).toEqual([
    { rolname: 'catalog_service', has_password: false },
    { rolname: 'orders_service', has_password: false },
    { rolname: 'payments_service', has_password: false },
    { rolname: 'users_service', has_password: true },
  ])
})
