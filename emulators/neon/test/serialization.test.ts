import { neon, neonConfig } from '@neondatabase/serverless'
import { until } from '@shop/emulator-kit/testing/processes'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type NeonEmulator, startNeonEmulator } from '../src/server.ts'
import { type OpenBackend, openTemporaryPostgres } from './support/engines.ts'

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 })
neonConfig.fetchEndpoint = (host, port) => `http://${host}:${port}/sql`

const LOCK_KEY = 4711

describe('two serializable batches on a real PostgreSQL', () => {
  let opened: OpenBackend
  let server: NeonEmulator
  let admin: pg.Client

  beforeAll(async () => {
    opened = await openTemporaryPostgres('login')
    server = await startNeonEmulator({ backend: opened.backend })
    admin = new pg.Client({ connectionString: opened.adminUrl ?? '' })
    await admin.connect()
    await admin.query('CREATE TABLE account (id int PRIMARY KEY, balance int NOT NULL)')
    await admin.query('INSERT INTO account VALUES (1, 50), (2, 50)')
  })
  afterAll(async () => {
    await admin.end()
    await server.close()
    await opened.close()
  })

  /** The number of batches that have read and now wait for the lock. */
  const waiting = async () => {
    const locks = await admin.query(`SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`)
    return locks.rowCount
  }

  it('commit one; the other fails with 40001 and changes nothing', async () => {
    const sql = neon(server.connectionString('postgres'))
    const withdraw = (id: number) =>
      sql.transaction(
        [
          sql`SELECT sum(balance) FROM account`,
          sql`SELECT pg_advisory_xact_lock_shared(${LOCK_KEY})`,
          sql`UPDATE account SET balance = balance - 80 WHERE id = ${id} AND (SELECT sum(balance) FROM account) >= 80`,
        ],
        { isolationLevel: 'Serializable' },
      )
    await admin.query('SELECT pg_advisory_lock($1)', [LOCK_KEY])
    const both = Promise.allSettled([withdraw(1), withdraw(2)])
    await until(async () => (await waiting()) === 2)
    await admin.query('SELECT pg_advisory_unlock($1)', [LOCK_KEY])

    const outcomes = await both
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: '40001' } })
    expect(await sql`SELECT sum(balance)::int AS left FROM account`).toEqual([{ left: 20 }])
  })
})
