import { NeonDbError, neon, neonConfig } from '@neondatabase/serverless'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type NeonEmulator, startNeonEmulator } from '../src/server.ts'
import { type OpenBackend, openDatabaseAt, openTemporaryPGlite, openTemporaryPostgres } from './support/engines.ts'

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 })
// Each connection string names the endpoint that it is for.
neonConfig.fetchEndpoint = (host, port) => `http://${host}:${port}/sql`

/** `CONFORMANCE_PG_URL=postgres://superuser@host/postgres` adds a server of yours; a test server, for roles are made. */
const givenUrl = process.env.CONFORMANCE_PG_URL
const ROLES = ['shop', 'other', 'Élan vital', 'group_only']

type EngineUnderTest = {
  name: string
  open: () => Promise<OpenBackend>
  /** One connection at a time, so that nothing contends. */
  isSerial?: boolean
  /** Roles are taken, not logged in as. */
  takesRoles?: boolean
  /** Who made it. */
  admin?: string
}

const ENGINES: EngineUnderTest[] = [
  { name: 'pglite', open: openTemporaryPGlite, isSerial: true },
  { name: 'embedded', open: () => openTemporaryPostgres('login') },
  { name: 'a postgres:// URL', open: openEmbeddedByUrl, takesRoles: true },
]

/** As with LOCAL_PG=postgres://…: all that is known of the server is its URL. */
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
    takesRoles: true,
    admin: decodeURIComponent(new URL(givenUrl).username),
  })
}

const SCHEMA = [
  'CREATE ROLE shop LOGIN',
  'CREATE ROLE other LOGIN',
  'CREATE ROLE "Élan vital" LOGIN',
  'CREATE SCHEMA shop AUTHORIZATION shop',
  'CREATE SCHEMA other AUTHORIZATION other',
  'CREATE TABLE shop.item (id bigint CONSTRAINT item_pk PRIMARY KEY, name text NOT NULL)',
  'CREATE TABLE shop.child (item_id bigint REFERENCES shop.item DEFERRABLE INITIALLY DEFERRED)',
  'CREATE TABLE other.secret (id int)',
  'ALTER TABLE shop.item OWNER TO shop',
  'ALTER TABLE shop.child OWNER TO shop',
  'ALTER TABLE other.secret OWNER TO other',
]

it.skipIf(!givenUrl)('is run on a server of yours, if CONFORMANCE_PG_URL names one', () => {
  expect(ENGINES.at(-1)?.name).toContain('CONFORMANCE_PG_URL')
})

describe.each(ENGINES)(
  'the Neon endpoint on $name',
  ({ open, isSerial = false, takesRoles = false, admin = 'postgres' }) => {
    let opened: OpenBackend
    let server: NeonEmulator
    let sql: ReturnType<typeof neon<false, false>>
    const as = (role: string) => neon(server.connectionString(role))

    beforeAll(async () => {
      opened = await open()
      server = await startNeonEmulator({ backend: opened.backend })
      for (const statement of SCHEMA) await as(admin).query(statement)
      sql = as('shop')
    })
    beforeEach(async () => {
      await sql.transaction([sql`DELETE FROM shop.child`, sql`DELETE FROM shop.item`])
    })
    afterAll(async () => {
      await server.close()
      await opened.close()
    })

    describe('results', () => {
      it('gives rows as objects, values by type', async () => {
        expect(await sql`SELECT 1 AS a, 'x' AS b, NULL AS c, true AS d`).toEqual([{ a: 1, b: 'x', c: null, d: true }])
      })

      it('gives rows as arrays in array mode, with columns of one name kept apart', async () => {
        expect(await sql.query('SELECT 1 AS a, 2 AS a', [], { arrayMode: true })).toEqual([[1, 2]])
      })

      it('describes the columns and counts the rows in full results', async () => {
        const inserted = await sql.query(`INSERT INTO shop.item VALUES (1, 'a'), (2, 'b') RETURNING id, name`, [], {
          fullResults: true,
        })
        expect(inserted).toMatchObject({ command: 'INSERT', rowCount: 2, rowAsArray: false })
        expect(inserted.fields).toMatchObject([
          { name: 'id', dataTypeID: 20, columnID: 1, dataTypeSize: 8, dataTypeModifier: -1, format: 'text' },
          { name: 'name', dataTypeID: 25, columnID: 2 },
        ])
        expect(inserted.fields[0]?.tableID).toBeGreaterThan(0)
      })

      it('counts what an UPDATE without RETURNING changed, and nothing for DDL', async () => {
        await sql`INSERT INTO shop.item VALUES (1, 'a'), (2, 'b')`
        const options = { fullResults: true } as const
        expect(await sql.query(`UPDATE shop.item SET name = 'c'`, [], options)).toMatchObject({
          command: 'UPDATE',
          rowCount: 2,
          rows: [],
        })
        expect(await sql.query('CREATE TABLE shop.made (id int)', [], options)).toMatchObject({
          command: 'CREATE',
          rowCount: null,
        })
        await sql`DROP TABLE shop.made`
      })

      it('carries five megabytes both ways', async () => {
        const large = 'é'.repeat(2_500_000)
        const [row] = await sql`SELECT ${large}::text AS large`
        expect(row?.large === large).toBe(true)
      })

      it('carries fifty thousand rows, in order', async () => {
        const rows = await sql`SELECT n, repeat('x', 20) AS text FROM generate_series(1, 50000) n`
        expect(rows).toHaveLength(50_000)
        expect(rows.every((row, index) => row.n === index + 1 && row.text === 'xxxxxxxxxxxxxxxxxxxx')).toBe(true)
      })

      it('gives no rows with their columns described, and columns that have no name', async () => {
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
        ['numeric without end', 'NaN', 'numeric', 'NaN'],
        ['double', 0.1, 'float8', 0.1],
        ['infinity as a number', 'Infinity', 'float8', Number.POSITIVE_INFINITY],
        ['nested jsonb with what looks like SQL', { "a'b": [{ c: '\\"$1' }] }, 'jsonb', { "a'b": [{ c: '\\"$1' }] }],
        ['jsonb null is no SQL null, but reads the same', 'null', 'jsonb', null],
        ['a time of day', '23:59:59.999999', 'time', '23:59:59.999999'],
        ['a large bytea', Buffer.alloc(100_000, 0xfe), 'bytea', Buffer.alloc(100_000, 0xfe)],
        ['null', null, 'text', null],
        ['an empty string', '', 'text', ''],
        ['unicode', 'Grüße 你好 🛒 \u202e', 'text', 'Grüße 你好 🛒 \u202e'],
        ['what would be SQL', `'; DROP TABLE shop.item; --`, 'text', `'; DROP TABLE shop.item; --`],
      ])('%s', async (_, value, type, expected) => {
        const [row] = await sql.query(`SELECT $1::${type} AS value`, [value])
        expect(row?.value).toEqual(expected)
      })

      it('refuses a NUL in a text with 22021, and a wrong number with 22P02', async () => {
        await expect(sql`SELECT ${'a\0b'}::text`).rejects.toMatchObject({ code: '22021' })
        await expect(sql`SELECT ${'abc'}::int`).rejects.toMatchObject({ code: '22P02' })
      })

      it('refuses too few parameters with the words of Postgres', async () => {
        await expect(sql.query('SELECT $1::int, $2::int', [1])).rejects.toMatchObject({ code: '08P01' })
      })
    })

    describe('refusals by Postgres', () => {
      it('names the constraint, table and schema of a duplicate', async () => {
        await sql`INSERT INTO shop.item VALUES (1, 'a')`
        const refused = await sql`INSERT INTO shop.item VALUES (1, 'b')`.catch((error: unknown) => error)
        expect(refused).toBeInstanceOf(NeonDbError)
        expect(refused).toMatchObject({
          code: '23505',
          severity: 'ERROR',
          constraint: 'item_pk',
          table: 'item',
          schema: 'shop',
          detail: 'Key (id)=(1) already exists.',
        })
      })

      it('gives the position of a mistake', async () => {
        await expect(sql`SELECT nonsense`).rejects.toMatchObject({ code: '42703', position: '8' })
      })

      it('refuses several statements in one string, and runs none of them', async () => {
        const two = `INSERT INTO shop.item VALUES (1, 'a'); INSERT INTO shop.item VALUES (2, 'b')`
        await expect(sql.query(two)).rejects.toMatchObject({ code: '42601' })
        await expect(sql.transaction([sql.query(two)])).rejects.toMatchObject({ code: '42601' })
        expect(await sql`SELECT * FROM shop.item`).toEqual([])
      })

      it('refuses COPY from the client, and goes on', async () => {
        await expect(sql`COPY shop.item FROM STDIN`).rejects.toMatchObject({ code: '57014' })
        expect(await sql`SELECT 1 AS a`).toEqual([{ a: 1 }])
      })

      it('passes on a SQLSTATE raised by a function, such as 40001', async () => {
        const raise = sql`DO $$ BEGIN RAISE EXCEPTION 'again' USING ERRCODE = '40001', HINT = 'retry'; END $$`
        await expect(raise).rejects.toMatchObject({ code: '40001', hint: 'retry' })
      })
    })

    describe('a batch', () => {
      const count = async () => (await sql`SELECT count(*)::int AS n FROM shop.item`)[0]?.n

      it('gives one result for each statement', async () => {
        const results = await sql.transaction([
          sql`INSERT INTO shop.item VALUES (1, 'a')`,
          sql`SELECT name FROM shop.item`,
          sql`DELETE FROM shop.item RETURNING id`,
        ])
        expect(results).toEqual([[], [{ name: 'a' }], [{ id: '1' }]])
      })

      it('rolls everything back when a statement in the middle fails, and reports that one', async () => {
        const batch = sql.transaction([
          sql`INSERT INTO shop.item VALUES (1, 'a')`,
          sql`INSERT INTO shop.item VALUES (1, 'b')`,
          sql`INSERT INTO shop.item VALUES (2, 'c')`,
        ])
        await expect(batch).rejects.toMatchObject({ code: '23505', constraint: 'item_pk' })
        expect(await count()).toBe(0)
      })

      it('rolls everything back when only the commit fails', async () => {
        const batch = sql.transaction([
          sql`INSERT INTO shop.item VALUES (1, 'a')`,
          sql`INSERT INTO shop.child VALUES (99)`,
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
        const batch = sql.transaction([sql`INSERT INTO shop.item VALUES (1, 'a')`], { readOnly: true })
        await expect(batch).rejects.toMatchObject({ code: '25006' })
      })

      it('is deferrable when asked', async () => {
        const options = { isolationLevel: 'Serializable', readOnly: true, deferrable: true } as const
        const [rows] = await sql.transaction([sql`SHOW transaction_deferrable`], options)
        expect(rows).toEqual([{ transaction_deferrable: 'on' }])
      })

      it('may be empty', async () => {
        expect(await sql.transaction([])).toEqual([])
      })

      it('sees its own writes, and no one else sees half of it', async () => {
        const write = (id: number) =>
          sql.transaction([
            sql`INSERT INTO shop.item VALUES (${id}, 'half')`,
            sql`INSERT INTO shop.item VALUES (${-id}, 'other half')`,
            sql`SELECT count(*)::int AS n FROM shop.item WHERE id IN (${id}, ${-id})`,
          ])
        const sums = async () => (await sql`SELECT coalesce(sum(id), 0)::int AS sum FROM shop.item`)[0]?.sum
        const work = Array.from({ length: 40 }, (_, i) => Promise.all([write(i + 1), sums()]))
        for (const [written, sum] of await Promise.all(work)) {
          expect(written[2]).toEqual([{ n: 2 }])
          expect(sum).toBe(0)
        }
        expect(await count()).toBe(80)
      })

      it('that loses to another is refused with 40001 whole, and nothing of it stays', async () => {
        await sql`INSERT INTO shop.item VALUES (1, '0')`
        const add = () =>
          sql.transaction(
            [
              sql`SELECT name FROM shop.item WHERE id = 1`,
              sql`UPDATE shop.item SET name = (name::int + 1)::text WHERE id = 1`,
            ],
            { isolationLevel: 'RepeatableRead' },
          )
        const outcomes = await Promise.allSettled(Array.from({ length: 20 }, add))
        const lost = outcomes.filter((outcome) => outcome.status === 'rejected')
        for (const { reason } of lost) expect(reason).toMatchObject({ code: '40001' })
        expect(await sql`SELECT name FROM shop.item`).toEqual([{ name: String(20 - lost.length) }])
        if (isSerial) expect(lost).toEqual([])
      })
    })

    it.skipIf(isSerial)('works for many at the same time', async () => {
      const started = performance.now()
      await Promise.all(Array.from({ length: 10 }, () => sql`SELECT pg_sleep(0.3)`))
      expect(performance.now() - started).toBeLessThan(2_000)
    })

    describe('roles', () => {
      it('acts as the user of the connection string', async () => {
        expect(await as('Élan vital')`SELECT current_user AS name`).toEqual([{ name: 'Élan vital' }])
      })

      it(`refuses another's schema with 42501, in a batch too`, async () => {
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
        expect(await sql`SELECT current_user AS name`).toEqual([{ name: 'shop' }])
      })

      it.skipIf(takesRoles)('refuses a role that may not log in', async () => {
        await as(admin)`CREATE ROLE group_only NOLOGIN`
        await expect(as('group_only')`SELECT 1`).rejects.toMatchObject({ code: '28000' })
      })

      it('keeps roles apart when many ask at once', async () => {
        const roles = Array.from({ length: 120 }, (_, i) => (i % 2 ? 'shop' : 'other'))
        const seen = await Promise.all(
          roles.map(async (role) => (await as(role)`SELECT current_user AS name`)[0]?.name),
        )
        expect(seen).toEqual(roles)
      })
    })

    it.skipIf(isSerial)('answers when a connection is lost at work, and goes on with another', async () => {
      const superuser = as(admin)
      await expect(superuser`SELECT pg_terminate_backend(pg_backend_pid())`).rejects.toMatchObject({ code: '57P01' })
      expect(await superuser`SELECT 1 AS a`).toEqual([{ a: 1 }])
    })

    describe('nothing outlives its request', () => {
      it.each([
        ['a setting', `SET work_mem = '77MB'`, `SELECT current_setting('work_mem') <> '77MB' AS gone`],
        [
          'set_config',
          `SELECT set_config('a.b', 'left', false)`,
          `SELECT current_setting('a.b', true) IS DISTINCT FROM 'left' AS gone`,
        ],
        ['an open transaction', 'BEGIN READ ONLY', `SELECT current_setting('transaction_read_only') = 'off' AS gone`],
        ['a temporary table', 'CREATE TEMP TABLE scratch (id int)', `SELECT to_regclass('scratch') IS NULL AS gone`],
        ['a role taken', 'SET ROLE shop', `SELECT current_user = 'shop' AS gone`],
        [
          'an advisory lock',
          'SELECT pg_advisory_lock(42)',
          `SELECT NOT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()) AS gone`,
        ],
      ])('%s', async (_, leave, look) => {
        await sql.query(leave)
        expect(await sql.query(look)).toEqual([{ gone: true }])
      })
    })
  },
)
