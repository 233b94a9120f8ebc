import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createApp } from '@shop/http/app'
import { newDatabaseFetch } from '@shop/http/database-fetch'
import { log } from '@shop/http/log'
import { readinessResponse } from '@shop/http/readiness'
import { answerRpc, traced } from '@shop/http/rpc'
import { eq, sql } from 'drizzle-orm'
import { pgTable, text } from 'drizzle-orm/pg-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { ask, askAll, connect, type Db } from '../src/client.ts'
import { statement } from '../src/statement.ts'

/** Stands for text that a person has sent. As a second line it resembles a stack frame. */
const CANARY = 'c4n4ry'
const VALUE = `${CANARY}@example.com\n    at ${CANARY} (file:///${CANARY}.ts:1:2)`

const people = pgTable('people', { email: text('email') })
const findByEmail = statement<{ email: string }>(
  () => sql`select 1 from people where email = ${sql.placeholder('email')}`,
)

const STATEMENTS: [kind: string, run: (db: Db) => Promise<unknown>][] = [
  ['a select', (db) => db.select().from(people).where(eq(people.email, VALUE))],
  ['an insert', (db) => db.insert(people).values({ email: VALUE })],
  ['an update', (db) => db.update(people).set({ email: VALUE })],
  ['a delete', (db) => db.delete(people).where(eq(people.email, VALUE))],
  ['a template', (db) => db.execute(sql`with x as (insert into people values (${VALUE}) returning 1) select 1 from x`)],
  ['a prepared query', (db) => findPrepared(db).execute({ email: VALUE })],
  ['a batch', (db) => db.batch([db.insert(people).values({ email: VALUE }), db.select().from(people)])],
  ['a raw statement', (db) => ask(db, findByEmail({ email: VALUE }))],
  ['a raw transaction', (db) => askAll(db, [findByEmail({ email: VALUE }), findByEmail({ email: VALUE })])],
]

const findPrepared = (db: Db) =>
  db
    .select()
    .from(people)
    .where(eq(people.email, sql.placeholder('email')))
    .prepare('find')

/** Everything that Postgres may report about a statement; some of its messages quote a value too. */
const words = (code?: string) => ({
  message: `invalid input syntax for type uuid: "${VALUE}"`,
  detail: `Key (email)=(${VALUE}) already exists.`,
  hint: VALUE,
  where: `SQL statement "${VALUE}"`,
  internalQuery: VALUE,
  severity: 'ERROR',
  column: VALUE,
  ...(code === undefined ? {} : { code }),
})

const ANSWERS: [name: string, status: number, body: string][] = [
  ...['08006', '22P02', '23505', '23514', '28P01', '40001', '42703', '53300', '57P01', 'P0001', 'XX000'].map(
    (code): [string, number, string] => [code, 400, JSON.stringify(words(code))],
  ),
  ['400 without a code', 400, JSON.stringify(words())],
  ['400 without JSON', 400, VALUE],
  ['401', 401, JSON.stringify(words())],
  ['429', 429, VALUE],
  ['500', 500, JSON.stringify(words('57P01'))],
  ['200 without JSON', 200, `<html>${VALUE}</html>`],
  ['200 with half a result', 200, `{"rows":[["${CANARY}","${CANARY}`],
  ['200 without a result', 200, JSON.stringify(VALUE)],
  [
    '200 with rows of another shape',
    200,
    JSON.stringify({ fields: [{ name: VALUE }], rows: [{ email: VALUE }, null] }),
  ],
]

let server: Server
let db: Db
let answer: { status: number; body: string }
const written: string[] = []

beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(answer.status).end(answer.body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    vi.spyOn(console, method).mockImplementation((...line: unknown[]) => void written.push(line.map(String).join(' ')))
  }
})
afterAll(async () => {
  vi.restoreAllMocks()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})
beforeEach(() => {
  written.length = 0
  db = connect({
    connectionString: 'postgres://role:password@host/database',
    fetchEndpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/sql`,
    fetch: newDatabaseFetch(),
  })
})

const app = createApp<object, object>({ deps: () => ({}) })
let failing: () => Promise<unknown>
app.get('/fails', async (c) => c.json({ answer: (await failing()) !== undefined }))

/** Every way in which the HTTP kit logs a thrown error. */
async function fail(run: () => Promise<unknown>): Promise<void> {
  failing = run
  const response = await app.request('http://worker/fails')
  expect(await response.text()).not.toContain(CANARY)
  const trace = { requestId: 'request', traceparent: 'trace', deadline: Date.now() + 60_000 }
  await answerRpc('find', trace, async () => ({ ok: true, value: await run() }))
  await traced<{ find(): Promise<object> }>({ find: async () => ({ answer: await run(), trips: {} }) }, 'users').find()
  await readinessResponse({ postgres: run })
  const error: unknown = await run().catch((thrown: unknown) => thrown)
  log('warn', 'repository_failed', { error, quoted: new Error(`It failed: ${String(error)}`, { cause: error }) })
}

describe.each(STATEMENTS)('the log of %s', (_, run) => {
  it.each(ANSWERS)('answered with %s contains no value of the statement', async (_name, status, body) => {
    answer = { status, body }
    await fail(() => run(db))
    expect(written.length).toBeGreaterThan(0)
    expect(written.filter((line) => line.includes(CANARY))).toEqual([])
  })
})
