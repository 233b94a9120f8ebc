import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { isRead, newDatabaseFetch } from '../src/database-fetch.ts'
import type { DependencyFetch } from '../src/dependency-fetch.ts'

type Answer = { status?: number; body?: string; location?: string } | 'cut' | 'cut inside'

const RESULT = JSON.stringify({ rows: [], fields: [] })
const FINE = { body: RESULT }
const refusal = (code: unknown, severity = 'ERROR') => ({ status: 400, body: JSON.stringify({ code, severity }) })

const query = (text: string) => JSON.stringify({ query: text, params: [] })
const READ = query('select "id" from "catalog"."products"')
const WRITE = query('update "orders"."orders" set "version" = 2')
const BATCH = JSON.stringify({ queries: [{ query: 'select 1', params: [] }] })

let server: Server
let url: string
/** The answers in turn; the last one repeats. */
let answers: Answer[]
let asked: number
let databaseFetch: DependencyFetch

beforeEach(async () => {
  asked = 0
  answers = [FINE]
  server = createServer((request, response) => {
    asked += 1
    const answer = (answers.length > 1 ? answers.shift() : answers[0]) ?? 'cut'
    if (answer === 'cut') return void request.socket.destroy()
    if (answer === 'cut inside') {
      response.writeHead(200).write(RESULT.slice(0, 5))
      return void setTimeout(() => response.destroy(), 10)
    }
    if (answer.location !== undefined) response.setHeader('location', answer.location)
    response.writeHead(answer.status ?? 200).end(answer.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  databaseFetch = newDatabaseFetch()
})
afterEach(async () => {
  vi.useRealTimers()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

const send = (body: string) => databaseFetch(url, { method: 'POST', body })
/** The error that a call throws. */
const thrownBy = (body: string): Promise<unknown> =>
  send(body).then(
    (answer) => `answered ${answer.status}`,
    (error: unknown) => error,
  )

const outage = (wasAsked: boolean) => expect.objectContaining({ name: 'Unavailable', dependency: 'postgres', wasAsked })

const OUTAGES: [name: string, answer: Answer, hasNoEffect: boolean][] = [
  ['a lost connection', 'cut', false],
  ['a cut body', 'cut inside', false],
  ['08000', refusal('08000'), false],
  ['08001', refusal('08001'), true],
  ['08004', refusal('08004'), true],
  ['08006', refusal('08006'), false],
  ['08P01, Neon’s word for a cancelled query', refusal('08P01'), false],
  ['28000', refusal('28000', 'FATAL'), true],
  ['28P01', refusal('28P01', 'FATAL'), true],
  ['3D000, a database that was renamed', refusal('3D000', 'FATAL'), true],
  ['53000', refusal('53000'), false],
  ['53100', refusal('53100'), false],
  ['53200', refusal('53200'), false],
  ['53300', refusal('53300', 'FATAL'), true],
  ['53400', refusal('53400'), false],
  ['55000', refusal('55000'), false],
  ['55P03', refusal('55P03'), false],
  ['57014', refusal('57014'), false],
  ['57P01', refusal('57P01', 'FATAL'), false],
  ['57P02', refusal('57P02', 'FATAL'), false],
  ['57P03', refusal('57P03', 'FATAL'), true],
  ['57P05', refusal('57P05', 'FATAL'), false],
  ['58030', refusal('58030'), false],
  ['XX000', refusal('XX000'), false],
  ['XX002', refusal('XX002', 'PANIC'), false],
  ['HTTP 204', { status: 204 }, false],
  ['HTTP 301', { status: 301, location: '/elsewhere' }, false],
  ['HTTP 302', { status: 302, location: '/elsewhere' }, false],
  ['HTTP 307', { status: 307, location: '/elsewhere' }, false],
  ['HTTP 401', { status: 401, body: '{"message":"no"}' }, true],
  ['HTTP 402', { status: 402, body: '{"message":"no"}' }, false],
  ['HTTP 403', { status: 403, body: '<html>' }, false],
  ['HTTP 404', { status: 404 }, false],
  ['HTTP 408', { status: 408 }, false],
  ['HTTP 413', { status: 413 }, false],
  ['HTTP 429', { status: 429, body: 'slow down' }, true],
  ['HTTP 500', { status: 500, body: refusal('23505').body }, false],
  ['HTTP 502', { status: 502, body: '<html>' }, false],
  ['HTTP 503', { status: 503, body: RESULT }, false],
  ['HTTP 507', { status: 507, body: '{}' }, false],
  ['HTTP 200 with HTML', { body: '<html>hello</html>' }, false],
  ['HTTP 200 with half a result', { body: RESULT.slice(0, 8) }, false],
  ['HTTP 200 without a body', { body: '' }, false],
  ['HTTP 200 with another object', { body: '{"ok":true}' }, false],
  ['HTTP 200 with null', { body: 'null' }, false],
  ['HTTP 200 with a list', { body: '[]' }, false],
  ['HTTP 200 with broken results', { body: '{"results":[{}]}' }, false],
  ['HTTP 400 with HTML', { status: 400, body: '<html>' }, false],
  ['HTTP 400 without a body', { status: 400, body: '' }, false],
  ['HTTP 400 without a code', { status: 400, body: '{"message":"connection lost"}' }, false],
  ['HTTP 400 with an empty code', refusal(''), false],
  ['HTTP 400 with null for a code', refusal(null), false],
  ['HTTP 400 with null', { status: 400, body: 'null' }, false],
]

describe.each(OUTAGES)('%s', (_, answer, hasNoEffect) => {
  it('is an outage, and a write knows whether it may have been done', async () => {
    answers = [answer]
    for (const write of [WRITE, BATCH]) expect(await thrownBy(write)).toEqual(outage(!hasNoEffect))
    expect(asked).toBe(2)
  })

  it('is retried once for a single read', async () => {
    answers = [answer, FINE]
    expect((await send(READ)).status).toBe(200)
    expect(asked).toBe(2)
    answers = [answer]
    expect(await thrownBy(READ)).toEqual(outage(!hasNoEffect))
    expect(asked).toBe(4)
  })

  it('opens the breaker', async () => {
    answers = [answer]
    for (let n = 0; n < 5; n += 1) await thrownBy(WRITE)
    answers = [FINE]
    expect(await thrownBy(WRITE)).toEqual(outage(false))
    expect(asked).toBe(5)
  })
})

describe.each([
  ['40001', false],
  ['40P01', false],
  ['40002', false],
  ['40003', true],
  ['25006', false],
  ['25P03', true],
  ['25P04', true],
])('%s, of a transaction that cannot run now', (state, mayBeDone) => {
  it('is temporary, and a write knows whether it may have been done', async () => {
    answers = [refusal(state)]
    for (const write of [WRITE, BATCH]) expect(await thrownBy(write)).toEqual(outage(mayBeDone))
    expect(asked).toBe(2)
  })

  it('is retried once for a single read', async () => {
    answers = [refusal(state), FINE]
    expect((await send(READ)).status).toBe(200)
    answers = [refusal(state)]
    expect(await thrownBy(READ)).toEqual(outage(mayBeDone))
    expect(asked).toBe(4)
  })

  it('does not open the breaker', async () => {
    answers = [refusal(state)]
    for (let n = 0; n < 10; n += 1) await thrownBy(WRITE)
    expect(asked).toBe(10)
    answers = [FINE]
    expect((await send(WRITE)).status).toBe(200)
  })
})

describe.each(['22001', '22P02', '23505', '23514', '42501', '42601', '42P01', '0A000', 'P0001'])(
  '%s, a refusal of the statement',
  (state) => {
    it('is passed to the driver unchanged, is not retried and does not open the breaker', async () => {
      answers = [refusal(state)]
      for (let n = 0; n < 10; n += 1) {
        const answer = await send(n % 2 === 0 ? READ : WRITE)
        expect([answer.status, await answer.json()]).toEqual([400, { code: state, severity: 'ERROR' }])
      }
      expect(asked).toBe(10)
    })
  },
)

describe('a result', () => {
  it.each([
    ['of a statement', { rows: [['1']], fields: [{ name: 'id' }], rowCount: 1 }],
    ['of a transaction', { results: [{ rows: [], fields: [] }] }],
    ['of an empty transaction', { results: [] }],
  ])('%s is handed on', async (_, result) => {
    answers = [{ body: JSON.stringify(result) }]
    const answer = await send(READ)
    expect([answer.ok, answer.status, await answer.json()]).toEqual([true, 200, result])
  })
})

describe('an outage', () => {
  it('is retried no more than once for a read', async () => {
    answers = ['cut', 'cut', FINE]
    expect(await thrownBy(READ)).toEqual(outage(true))
    expect(asked).toBe(2)
  })

  it('does not reveal the statement or the answer', async () => {
    answers = [{ status: 400, body: JSON.stringify({ code: '57P01', message: 'c4n4ry', detail: 'c4n4ry' }) }]
    expect(inspect(await thrownBy(query("select 'c4n4ry'")))).not.toContain('c4n4ry')
    answers = [{ body: '{"rows":"c4n4ry' }]
    expect(inspect(await thrownBy(query("select 'c4n4ry'")))).not.toContain('c4n4ry')
  })

  it('ends a second after the database answers again', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    answers = [{ status: 503 }]
    for (let n = 0; n < 5; n += 1) await thrownBy(WRITE)
    answers = [FINE]
    expect(await thrownBy(READ)).toEqual(outage(false))
    expect(asked).toBe(5)
    vi.setSystemTime(Date.now() + 1_001)
    expect((await send(READ)).status).toBe(200)
  })

  it('does not follow a redirect, which would send the password to another host', async () => {
    answers = [{ status: 307, location: url }, FINE]
    expect(await thrownBy(WRITE)).toEqual(outage(true))
    expect(asked).toBe(1)
  })
})

/** The full text of an error, including its causes. */
function inspect(error: unknown): string {
  const { stack, message, cause } = error as Error
  return [message, stack, cause === undefined ? '' : inspect(cause)].join('\n')
}

it.each([
  ['SELECT 1', true],
  ['  select 1', true],
  ['\n      select id\n from x', true],
  ['(select 1) union (select 2)', true],
  ['with due as (\n select 1) select * from due', true],
  ['with placed as (insert into x values (1) returning 1) select 1 from placed', false],
  ['with\nmoved as (\nupdate x set y = 1 returning 1) select 1', false],
  ['\nwith gone as (\n\tdelete from x returning 1) select 1', false],
  ['insert into x select 1', false],
  ['update x set y = 1', false],
  ['selection', false],
  ['selected()', false],
])('%j reads only: %s', (text, isOne) => {
  expect(isRead(query(text))).toBe(isOne)
  expect(isRead(JSON.stringify({ queries: [{ query: text, params: [] }] }))).toBe(false)
})
