import { NeonDbError, neon, neonConfig } from '@neondatabase/serverless'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type NeonEmulator, startNeonEmulator } from '../src/server.ts'
import { type OpenBackend, openDatabaseAt, openTemporaryPGlite, openTemporaryPostgres } from './support/engines.ts'

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 })
// Each connection string names the endpoint that it is for.
neonConfig.fetchEndpoint = (host, port) => `http://${host}:${port}/sql`

/** `CONFORMANCE_PG_URL=postgres://superuser@host/postgres` adds a server. Use a test server: the suite creates roles. */
const givenUrl = process.env.CONFORMANCE_PG_URL
const ROLES = ['app', 'other', 'Élan vital', 'group_only']

type EngineUnderTest = {
  name: string
  open: () => Promise<OpenBackend>
  /** Has one connection, so that nothing contends. */
  isSerial?: boolean
  /** Roles are set with SET ROLE instead of a login. */
  setsRoles?: boolean
  /** The role that owns the database. */
  admin?: string
}

const ENGINES: EngineUnderTest[] = [
  { name: 'pglite', open: openTemporaryPGlite, isSerial: true },
  { name: 'embedded', open: () => openTemporaryPostgres('login') },
  { name: 'a postgres:// URL', open: openEmbeddedByUrl, setsRoles: true },
]

/** A server of which only the URL is known. */
async function openEmbeddedByUrl(): Promise<OpenBackend> {
  const server = await openTemporaryPostgres('set-role')
  const database = await openDatabaseAt(server.adminUrl ?? '', ROLES)
  const close = async () => {
    await database.close()
    await server.close()
  }
  return { ...database, close }
}

if (givenUrl) {
  ENGINES.push({
    name: 'the server of CONFORMANCE_PG_URL',
    open: () => openDatabaseAt(givenUrl, ROLES),
    setsRoles: true,
    admin: decodeURIComponent(new URL(givenUrl).username),
  })
}

const SCHEMA = [
  'CREATE ROLE app LOGIN',
  'CREATE ROLE other LOGIN',
  'CREATE ROLE "Élan vital" LOGIN',
  'CREATE SCHEMA app AUTHORIZATION app',
  'CREATE SCHEMA other AUTHORIZATION other',
  'CREATE TABLE app.item (id bigint CONSTRAINT item_pk PRIMARY KEY, name text NOT NULL)',
  'CREATE TABLE app.child (item_id bigint REFERENCES app.item DEFERRABLE INITIALLY DEFERRED)',
  'CREATE TABLE other.secret (id int)',
  'ALTER TABLE app.item OWNER TO app',
  'ALTER TABLE app.child OWNER TO app',
  'ALTER TABLE other.secret OWNER TO other',
]

it.skipIf(!givenUrl)('the suite runs on the server of CONFORMANCE_PG_URL', () => {
  expect(ENGINES.at(-1)?.name).toContain('CONFORMANCE_PG_URL')
})

describe.each(ENGINES)(
  'the Neon endpoint on $name',
  ({ open, isSerial = false, setsRoles = false, admin = 'postgres' }) => {
    let opened: OpenBackend
    let server: NeonEmulator
    let sql: ReturnType<typeof neon<false, false>>
    const as = (role: string) => neon(server.connectionString(role))

    beforeAll(async () => {
      opened = await open()
      server = await startNeonEmulator({ backend: opened.backend })
      for (const statement of SCHEMA) await as(admin).query(statement)
      sql = as('app')
    })
    beforeEach(async () => {
      await sql.transaction([sql`DELETE FROM app.child`, sql`DELETE FROM app.item`])
    })
    afterAll(async () => {
      await server.close()
      await opened.close()
    })

    describe('results', () => {
      it('returns rows as objects with values by type', async () => {
        expect(await sql`SELECT 1 AS a, 'x' AS b, NULL AS c, true AS d`).toEqual([{ a: 1, b: 'x', c: null, d: true }])
      })

      it('returns rows as arrays in array mode, with every column of the same name', async () => {
        expect(await sql.query('SELECT 1 AS a, 2 AS a', [], { arrayMode: true })).toEqual([[1, 2]])
      })

      it('describes columns and counts rows in full results', async () => {
        const inserted = await sql.query(`INSERT INTO app.item VALUES (1, 'a'), (2, 'b') RETURNING id, name`, [], {
          fullResults: true,
        })
        expect(inserted).toMatchObject({ command: 'INSERT', rowCount: 2, rowAsArray: false })
        expect(inserted.fields).toMatchObject([
          { name: 'id', dataTypeID: 20, columnID: 1, dataTypeSize: 8, dataTypeModifier: -1, format: 'text' },
          { name: 'name', dataTypeID: 25, columnID: 2 },
        ])
        expect(inserted.fields[0]?.tableID).toBeGreaterThan(0)
      })

      it('counts the rows of an UPDATE without RETURNING, and none for DDL', async () => {
        await sql`INSERT INTO app.item VALUES (1, 'a'), (2, 'b')`
        const options = { fullResults: true } as const
        expect(await sql.query(`UPDATE app.item SET name = 'c'`, [], options)).toMatchObject({
          command: 'UPDATE',
          rowCount: 2,
          rows: [],
        })
        expect(await sql.query('CREATE TABLE app.made (id int)', [], options)).toMatchObject({
          command: 'CREATE',
          rowCount: null,
        })
        await sql`DROP TABLE app.made`
      })

      it('transfers five megabytes in both directions', async () => {
        const large = 'é'.repeat(2_500_000)
        const [row] = await sql`SELECT ${large}::text AS large`
        expect(row?.large === large).toBe(true)
      })

      it('transfers fifty thousand rows in order', async () => {
        const rows = await sql`SELECT n, repeat('x', 20) AS text FROM generate_series(1, 50000) n`
        expect(rows).toHaveLength(50_000)
        expect(rows.every((row, index) => row.n === index + 1 && row.text === 'xxxxxxxxxxxxxxxxxxxx')).toBe(true)
      })

      it('describes the columns of an empty result, and returns columns without a name', async () => {
        const none = await sql.query('SELECT 1 AS a, now() AS at WHERE false', [], { fullResults: true })
        expect(none).toMatchObject({ command: 'SELECT', rowCount: 0, rows: [] })
        expect(none.fields.map(({ name, dataTypeID }) => [name, dataTypeID])).toEqual([
          ['a', 23],
          ['at', 1184],
        ])
        expect(await sql`SELECT 1`).toEqual([{ '?column?': 1 }])
      })
    })

    describe('parameters and types', () => {
      it.each([
        ['bigint stays a string', '9007199254740993', 'bigint', '9007199254740993'],
        ['numeric keeps its digits', '1299.90', 'numeric', '1299.90'],
        ['jsonb', { a: [1, null, 'é'] }, 'jsonb', { a: [1, null, 'é'] }],
        ['a JSON string scalar', '"x"', 'jsonb', 'x'],
        ['timestamptz', new Date('2026-01-02T03:04:05.678Z'), 'timestamptz', new Date('2026-01-02T03:04:05.678Z')],
        ['boolean', false, 'boolean', false],
        ['an array of text', ['a', 'b "c" \\', '{}', ''], 'text[]', ['a', 'b "c" \\', '{}', '']],
        ['an array with NULL', ['a', null], 'text[]', ['a', null]],
        ['an array of int', [1, 2], 'int[]', [1, 2]],
        ['an empty array', [], 'int[]', []],
        ['uuid', '0193d6a4-7a3b-7c54-9d3f-0123456789ab', 'uuid', '0193d6a4-7a3b-7c54-9d3f-0123456789ab'],
        ['bytea', Buffer.from([0, 1, 255]), 'bytea', Buffer.from([0, 1, 255])],
        ['the largest bigint', '9223372036854775807', 'bigint', '9223372036854775807'],
        ['an array of bigint stays text', ['9007199254740993', null], 'bigint[]', ['9007199254740993', null]],
        [
          'an array in an array',
          [
            [1, 2],
            [3, 4],
          ],
          'int[]',
          [
            [1, 2],
            [3, 4],
          ],
        ],
        ['numeric NaN', 'NaN', 'numeric', 'NaN'],
        ['double', 0.1, 'float8', 0.1],
        ['infinity as a number', 'Infinity', 'float8', Number.POSITIVE_INFINITY],
        ['nested jsonb with SQL characters', { "a'b": [{ c: '\\"$1' }] }, 'jsonb', { "a'b": [{ c: '\\"$1' }] }],
        ['jsonb null, which reads like SQL null', 'null', 'jsonb', null],
        ['a time of day', '23:59:59.999999', 'time', '23:59:59.999999'],
        ['a large bytea', Buffer.alloc(100_000, 0xfe), 'bytea', Buffer.alloc(100_000, 0xfe)],
        ['null', null, 'text', null],
        ['an empty string', '', 'text', ''],
        ['unicode', 'Grüße 你好 🛒 \u202e', 'text', 'Grüße 你好 🛒 \u202e'],
        ['SQL in a text', `'; DROP TABLE app.item; --`, 'text', `'; DROP TABLE app.item; --`],
      ])('%s', async (_, value, type, expected) => {
        const [row] = await sql.query(`SELECT $1::${type} AS value`, [value])
        expect(row?.value).toEqual(expected)
      })

      it('refuses a NUL in a text with 22021, and a malformed number with 22P02', async () => {
        await expect(sql`SELECT ${'a\0b'}::text`).rejects.toMatchObject({ code: '22021' })
        await expect(sql`SELECT ${'abc'}::int`).rejects.toMatchObject({ code: '22P02' })
      })

      it('refuses missing parameters with 08P01', async () => {
        await expect(sql.query('SELECT $1::int, $2::int', [1])).rejects.toMatchObject({ code: '08P01' })
      })
    })

    describe('refusals by Postgres', () => {
      it('name the constraint, table and schema of a duplicate', async () => {
        await sql`INSERT INTO app.item VALUES (1, 'a')`
        const refused = await sql`INSERT INTO app.item VALUES (1, 'b')`.catch((error: unknown) => error)
        expect(refused).toBeInstanceOf(NeonDbError)
        expect(refused).toMatchObject({
          code: '23505',
          severity: 'ERROR',
          constraint: 'item_pk',
          table: 'item',
          schema: 'app',
          detail: 'Key (id)=(1) already exists.',
        })
      })

      it('give the position of an error', async () => {
        await expect(sql`SELECT nonsense`).rejects.toMatchObject({ code: '42703', position: '8' })
      })

      it('reject several statements in one string, and none of them runs', async () => {
        const two = `INSERT INTO app.item VALUES (1, 'a'); INSERT INTO app.item VALUES (2, 'b')`
        await expect(sql.query(two)).rejects.toMatchObject({ code: '42601' })
        await expect(sql.transaction([sql.query(two)])).rejects.toMatchObject({ code: '42601' })
        expect(await sql`SELECT * FROM app.item`).toEqual([])
      })

      it('reject COPY from the client, and later requests work', async () => {
        await expect(sql`COPY app.item FROM STDIN`).rejects.toMatchObject({ code: '57014' })
        expect(await sql`SELECT 1 AS a`).toEqual([{ a: 1 }])
      })

      it('pass on an SQLSTATE raised by a function, such as 40001', async () => {
        const raise = sql`DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001', HINT = 'retry'; END $$`
        await expect(raise).rejects.toMatchObject({ code: '40001', hint: 'retry' })
      })
    })

    describe('a batch', () => {
      const count = async () => (await sql`SELECT count(*)::int AS n FROM app.item`)[0]?.n

      it('returns one result per statement', async () => {
        const results = await sql.transaction([
          sql`INSERT INTO app.item VALUES (1, 'a')`,
          sql`SELECT name FROM app.item`,
          sql`DELETE FROM app.item RETURNING id`,
        ])
        expect(results).toEqual([[], [{ name: 'a' }], [{ id: '1' }]])
      })

      it('rolls back everything when a statement in the middle fails, and reports it', async () => {
        const batch = sql.transaction([
          sql`INSERT INTO app.item VALUES (1, 'a')`,
          sql`INSERT INTO app.item VALUES (1, 'b')`,
          sql`INSERT INTO app.item VALUES (2, 'c')`,
        ])
        await expect(batch).rejects.toMatchObject({ code: '23505', constraint: 'item_pk' })
        expect(await count()).toBe(0)
      })

      it('rolls back everything when only the commit fails', async () => {
        const batch = sql.transaction([
          sql`INSERT INTO app.item VALUES (1, 'a')`,
          sql`INSERT INTO app.child VALUES (99)`,
        ])
        await expect(batch).rejects.toMatchObject({ code: '23503' })
        expect(await count()).toBe(0)
      })

      it.each([
        ['ReadCommitted', 'read committed'],
        ['RepeatableRead', 'repeatable read'],
        ['Serializable', 'serializable'],
      ] as const)('runs at isolation level %s', async (isolationLevel, expected) => {
        const [rows] = await sql.transaction([sql`SHOW transaction_isolation`], { isolationLevel })
        expect(rows).toEqual([{ transaction_isolation: expected }])
      })

      it('refuses to write when read only', async () => {
        const batch = sql.transaction([sql`INSERT INTO app.item VALUES (1, 'a')`], { readOnly: true })
        await expect(batch).rejects.toMatchObject({ code: '25006' })
      })

      it('is deferrable on request', async () => {
        const options = { isolationLevel: 'Serializable', readOnly: true, deferrable: true } as const
        const [rows] = await sql.transaction([sql`SHOW transaction_deferrable`], options)
        expect(rows).toEqual([{ transaction_deferrable: 'on' }])
      })

      it('may be empty', async () => {
        expect(await sql.transaction([])).toEqual([])
      })

      it('sees its own writes, and others never see a part of it', async () => {
        const write = (id: number) =>
          sql.transaction([
            sql`INSERT INTO app.item VALUES (${id}, 'half')`,
            sql`INSERT INTO app.item VALUES (${-id}, 'other half')`,
            sql`SELECT count(*)::int AS n FROM app.item WHERE id IN (${id}, ${-id})`,
          ])
        const sums = async () => (await sql`SELECT coalesce(sum(id), 0)::int AS sum FROM app.item`)[0]?.sum
        const work = Array.from({ length: 40 }, (_, i) => Promise.all([write(i + 1), sums()]))
        for (const [written, sum] of await Promise.all(work)) {
          expect(written[2]).toEqual([{ n: 2 }])
          expect(sum).toBe(0)
        }
        expect(await count()).toBe(80)
      })

      it('that loses to another fails with 40001 and leaves nothing', async () => {
        await sql`INSERT INTO app.item VALUES (1, '0')`
        const add = () =>
          sql.transaction(
            [
              sql`SELECT name FROM app.item WHERE id = 1`,
              sql`UPDATE app.item SET name = (name::int + 1)::text WHERE id = 1`,
            ],
            { isolationLevel: 'RepeatableRead' },
          )
        const outcomes = await Promise.allSettled(Array.from({ length: 20 }, add))
        const lost = outcomes.filter((outcome) => outcome.status === 'rejected')
        for (const { reason } of lost) expect(reason).toMatchObject({ code: '40001' })
        expect(await sql`SELECT name FROM app.item`).toEqual([{ name: String(20 - lost.length) }])
        if (isSerial) expect(lost).toEqual([])
      })
    })

    it.skipIf(isSerial)('runs statements in parallel', async () => {
      const started = performance.now()
      await Promise.all(Array.from({ length: 10 }, () => sql`SELECT pg_sleep(0.3)`))
      expect(performance.now() - started).toBeLessThan(2_000)
    })

    describe('roles', () => {
      it('acts as the user of the connection string', async () => {
        expect(await as('Élan vital')`SELECT current_user AS name`).toEqual([{ name: 'Élan vital' }])
      })

      it('refuses the schema of another role with 42501, also in a batch', async () => {
        await expect(sql`SELECT * FROM other.secret`).rejects.toMatchObject({ code: '42501' })
        await expect(sql.transaction([sql`SELECT * FROM other.secret`])).rejects.toMatchObject({ code: '42501' })
        expect(await as('other')`SELECT * FROM other.secret`).toEqual([])
      })

      it('refuses a role that does not exist with 28000', async () => {
        await expect(as('nobody_here')`SELECT 1`).rejects.toMatchObject({
          name: 'NeonDbError',
          code: '28000',
          message: 'role "nobody_here" does not exist',
        })
        expect(await sql`SELECT current_user AS name`).toEqual([{ name: 'app' }])
      })

      it.skipIf(setsRoles)('refuses a role that may not log in', async () => {
        await as(admin)`CREATE ROLE group_only NOLOGIN`
        await expect(as('group_only')`SELECT 1`).rejects.toMatchObject({ code: '28000' })
      })

      it('does not mix up roles of concurrent requests', async () => {
        const roles = Array.from({ length: 120 }, (_, i) => (i % 2 ? 'app' : 'other'))
        const seen = await Promise.all(
          roles.map(async (role) => (await as(role)`SELECT current_user AS name`)[0]?.name),
        )
        expect(seen).toEqual(roles)
      })
    })

    it.skipIf(isSerial)('reports a connection lost during a statement, and uses another one next', async () => {
      const superuser = as(admin)
      await expect(superuser`SELECT pg_terminate_backend(pg_backend_pid())`).rejects.toMatchObject({ code: '57P01' })
      expect(await superuser`SELECT 1 AS a`).toEqual([{ a: 1 }])
    })

    describe('a request leaves nothing for later ones:', () => {
      it.each([
        ['a setting', `SET work_mem = '77MB'`, `SELECT current_setting('work_mem') <> '77MB' AS gone`],
        [
          'set_config',
          `SELECT set_config('a.b', 'left', false)`,
          `SELECT current_setting('a.b', true) IS DISTINCT FROM 'left' AS gone`,
        ],
        ['an open transaction', 'BEGIN READ ONLY', `SELECT current_setting('transaction_read_only') = 'off' AS gone`],
        ['a temporary table', 'CREATE TEMP TABLE scratch (id int)', `SELECT to_regclass('scratch') IS NULL AS gone`],
        ['a role set', 'SET ROLE app', `SELECT current_user = 'app' AS gone`],
        [
          'an advisory lock',
          'SELECT pg_advisory_lock(42)',
          `SELECT NOT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()) AS gone`,
        ],
      ])('%s', async (_, leave, check) => {
        await sql.query(leave)
        expect(await sql.query(check)).toEqual([{ gone: true }])
      })
    })
  },
)
