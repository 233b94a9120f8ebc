import { Unavailable } from '@shop/kernel/unavailable'
import { describe, expect, it, vi } from 'vitest'
import { log } from '../src/log.ts'
import { redact } from '../src/redact.ts'
import { withTrace } from '../src/trace.ts'

const CANARY = 'c4n4ry'

describe('the log', () => {
  it.each([
    ['a password', { password: CANARY }],
    ['a nested token', { body: { refresh_token: CANARY } }],
    ['a header', { headers: { Authorization: `Bearer ${CANARY}` } }],
    ['a client secret', { payment: { client_secret: CANARY } }],
    ['a database URL', { error: new Error(`connect to postgres://user:${CANARY}@host/db failed`) }],
    ['a Stripe key', { message: `Invalid API Key sk_live_${CANARY}12345678` }],
    ['a token in a message', { message: `bad token eyJhbGciOiJFZERTQSJ9.${CANARY}.sig` }],
    ['the cause of an error', { error: new Error('outer', { cause: new Error(`whsec_${CANARY}12345678`) }) }],
    ['a list', { list: [{ secret: CANARY }] }],
    ['the parameters of a statement', { statement: { params: [CANARY] } }],
    ['what JSON could not be parsed', { error: syntaxErrorOf(`{"a": ${CANARY}`) }],
    [
      'the middle of JSON that could not be parsed',
      { error: syntaxErrorOf(`{"a":1, "${CANARY}" "x" ${' '.repeat(99)}}`) },
    ],
  ])('does not keep %s', (_, fields) => {
    expect(JSON.stringify(redact(fields))).not.toContain(CANARY)
  })

  it.each([
    '4242424242424242',
    '4242 4242 4242 4242',
    '4242-4242-4242-4242',
    '/api/payments/methods/4242%204242%204242%204242',
    '/api/payments/methods/4242%252042424242%2F4242',
    '4242.4242.4242.4242',
    '4242/4242/4242/4242',
    'card 4242 4242 4242 4242, 12/30, 123',
    '2 of 4242424242424242',
    '4242  4242\u00a04242 - 4242',
    'No such PaymentMethod: pm_378282246310005',
  ])('does not keep the card number in %j', (text) => {
    expect(JSON.stringify(redact({ text }))).not.toMatch(/4242|0005/)
  })

  it.each(['1764000000000', '2026-11-23T10:00:00.000Z', 'order 4242424242424241'])(
    'keeps the other digits of %j',
    (text) => {
      expect(redact({ text })).toEqual({ text })
    },
  )

  it.each(['/api/users/ada@example.com/orders', '/api/users/ada%40example.com', 'No account of <ada@example.com>'])(
    'does not keep the e-mail address in %j',
    (text) => {
      expect(JSON.stringify(redact({ text }))).not.toContain('example')
    },
  )

  it.each(['no file node_modules/@neondatabase/serverless/index.js', '@shop/http failed', 'a@b'])(
    'keeps %j',
    (text) => {
      expect(redact({ text })).toEqual({ text })
    },
  )

  it('is quick with long text', () => {
    const texts = ['x'.repeat(200_000), '7'.repeat(200_000), '7 '.repeat(100_000), `${'x.'.repeat(100_000)}@`]
    const startedAt = performance.now()
    for (const text of texts) redact({ text })
    expect(performance.now() - startedAt).toBeLessThan(1_500)
  })

  it('does not keep a secret that a client sends as the id of its request', () => {
    const lines = vi.spyOn(console, 'log').mockImplementation(() => undefined)
    const context = { traceparent: '00-x-y-01', deadline: 0 }
    for (const requestId of ['4242424242424242', 'sk_live_c4n4ry0123']) {
      withTrace({ ...context, requestId }, () => log('info', 'request'))
    }
    expect(lines.mock.calls.map(([line]) => JSON.parse(line).request_id)).toEqual(['[redacted]', '[redacted]'])
    lines.mockRestore()
  })

  it('keeps what is needed to find a bug', () => {
    const kept = redact({ request_id: 'r-1', error: new TypeError('x is not a function') })
    expect(kept).toMatchObject({
      request_id: 'r-1',
      error: {
        name: 'TypeError',
        message: 'x is not a function',
        stack: expect.stringMatching(/^at .*redact\.test\.ts:\d+/),
      },
    })
  })

  it('can write any value', () => {
    const cycle: Record<string, unknown> = { big: 1n, date: new Date(Number.NaN) }
    cycle.self = cycle
    const error = new Error('of itself')
    error.cause = error
    expect(() => JSON.stringify(redact({ cycle, error }))).not.toThrow()
  })
})

function syntaxErrorOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    return error
  }
}

/** An error as Drizzle throws it: https://github.com/drizzle-team/drizzle-orm/blob/main/drizzle-orm/src/errors.ts */
function drizzleError(query: string, cause?: unknown): Error {
  const params = [CANARY, `two\n    at ${CANARY} (file:///${CANARY}.ts:1:2)`]
  return Object.assign(new Error(`Failed query: ${query}\nparams: ${params}`, { cause }), { query, params })
}

/** An error as the driver throws it, with everything that Postgres reports. */
function neonError(): Error {
  const error = new Error(`invalid input syntax for type uuid: "${CANARY}"`)
  error.name = 'NeonDbError'
  const words = {
    detail: `Key (email)=(${CANARY}) already exists.`,
    hint: CANARY,
    where: CANARY,
    internalQuery: CANARY,
  }
  const names = { severity: 'ERROR', code: '23505', schema: 'users', table: 'users', constraint: 'users_email_unique' }
  return Object.assign(error, words, names, { column: `${CANARY} and more` })
}

/** Wraps an error this many times, quoting it or not. */
function wrapped(error: unknown, times: number): unknown {
  let outer = error
  for (let n = 0; n < times; n += 1) {
    const message = n % 2 === 0 ? `While saving: ${(outer as Error).message}` : `While saving ${String(outer)}`
    outer = new Error(message.slice(0, n % 3 === 0 ? 60 : undefined), { cause: outer })
  }
  return outer
}

const INSERT = 'insert into "users"."users" ("email") values ($1)'

const STATEMENT_ERRORS: [name: string, error: unknown][] = [
  ['an error of Drizzle', drizzleError(INSERT)],
  ['an error of the driver', neonError()],
  ['an error of both', drizzleError(INSERT, neonError())],
  ['a driver’s error of the network', Object.assign(neonError(), { sourceError: drizzleError(INSERT) })],
  ['an outage', new Unavailable('postgres', drizzleError(INSERT, neonError()))],
  ['an error with a query', Object.assign(new Error(CANARY), { query: CANARY })],
  ['an error with parameters', Object.assign(new Error(CANARY), { params: [CANARY] })],
  ['an error with a detail', Object.assign(new Error(CANARY), { detail: CANARY })],
  ['an error with a hint', Object.assign(new Error(CANARY), { hint: CANARY })],
  ['an error with a context', Object.assign(new Error(CANARY), { where: CANARY })],
  ['an error that quotes one in text', new Error(`Error: Failed query: ${INSERT}\nparams: ${CANARY}`)],
  ['an error that quotes the driver', new Error(`remote NeonDbError: bad "${CANARY}"`)],
  ['a statement that was made of a search', Object.assign(drizzleError('x'), { query: `${CANARY} from ${CANARY}` })],
  ['an error whose message was changed', Object.assign(drizzleError(INSERT), { message: 'changed' })],
  ['an error with a member that is the canary', Object.assign(new Error('x'), { email: CANARY })],
]

describe.each(STATEMENT_ERRORS)('%s', (_, error) => {
  it.each([0, 1, 2, 3, 4, 5, 6, 7, 12])('is logged without values below %d others', (times) => {
    expect(JSON.stringify(redact({ error: wrapped(error, times) }))).not.toContain(CANARY)
  })

  it('is logged without values as a text, in a list and as an object', () => {
    const { name, message, cause } = error as Error
    const copy = { ...(error as object), name, ...(name === 'NeonDbError' ? {} : { message }), cause }
    const isRecognised = 'params' in copy || 'severity' in copy
    for (const value of [[[error]], { deep: [{ error }] }, ...(isRecognised ? [copy] : [])]) {
      expect(JSON.stringify(redact(value))).not.toContain(CANARY)
    }
    if (/Failed query|NeonDbError/.test(String(error))) {
      expect(JSON.stringify(redact({ text: `It went wrong: ${String(error)}` }))).not.toContain(CANARY)
    }
  })
})

describe('an error about a statement', () => {
  it('shows the SQLSTATE, the schema names, and the statement’s verb and table', () => {
    expect(redact(drizzleError(INSERT, neonError()))).toEqual({
      name: 'Error',
      message: '[withheld]',
      statement: 'insert into users.users',
      stack: expect.stringContaining('redact.test.ts'),
      cause: {
        name: 'NeonDbError',
        message: '[withheld]',
        sqlstate: '23505',
        schema: 'users',
        table: 'users',
        constraint: 'users_email_unique',
        stack: expect.stringContaining('redact.test.ts'),
      },
    })
  })

  it.each([
    [
      'select "id", "name" from "catalog"."products" where "id" = $1 for update skip locked',
      'select from catalog.products',
    ],
    ['insert into orders.orders as o (id) values ($1) on conflict do update set x = 1', 'insert into orders.orders'],
    ['update "users"."users" set "name" = $1', 'update users.users'],
    ['delete from x', 'delete from x'],
    [
      '\n  with due as (select 1 from a), moved as (\nupdate payments.refunds r set x = 1)',
      'with update payments.refunds',
    ],
    ['with a as (select 1 from b.c for update) select * from a', 'with from b.c'],
    ['with placed as (insert into orders.orders values (1)) select 1', 'with insert into orders.orders'],
    ['select 1', 'select'],
    ['begin', 'begin'],
    ['vacuum everything', 'other'],
  ])('of %j is named %s', (query, statement) => {
    expect(redact(drizzleError(query))).toMatchObject({ statement })
    expect(redact(String(drizzleError(query)))).toBe(`Error: Failed query: ${statement}`)
  })

  it('keeps the details of an outage', () => {
    const outage = new Unavailable('postgres', new Error('SQLSTATE 57P01'))
    expect(redact(drizzleError(INSERT, Object.assign(neonError(), { sourceError: outage })))).toMatchObject({
      cause: { cause: { message: 'postgres is unavailable', cause: { message: 'SQLSTATE 57P01' } } },
    })
  })
})
