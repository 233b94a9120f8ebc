import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { neon, neonConfig } from '@neondatabase/serverless'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { SqlBackend } from '../src/backend.ts'
import { type NeonEmulator, startNeonEmulator } from '../src/server.ts'
import { type OpenBackend, openTemporaryPGlite } from './support/engines.ts'

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 })
neonConfig.fetchEndpoint = (host, port) => `http://${host}:${port}/sql`

let opened: OpenBackend
let server: NeonEmulator

beforeAll(async () => {
  opened = await openTemporaryPGlite()
  server = await startNeonEmulator({ backend: opened.backend })
})
beforeEach(() => server.resetCounts())
afterAll(async () => {
  await server.close()
  await opened.close()
})

type Headers = Record<string, string>
const asAdmin = (): Headers => ({ 'Neon-Connection-String': server.connectionString('postgres') })

async function post(body: string, headers: Headers = asAdmin()) {
  const response = await fetch(server.url, { method: 'POST', body, headers })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

describe('a malformed request', () => {
  it.each([
    ['invalid JSON', '{"query": ', 'The body is not JSON'],
    ['an empty body', '', 'The body is not JSON'],
    ['a JSON array', '[]', 'The body must be a JSON object: {"query", "params"} or {"queries": […]}'],
    ['no query', '{"params":[]}', 'There must be a string "query" in the body'],
    ['a query that is a number', '{"query":1}', 'There must be a string "query" in the body'],
    ['params that are an object', '{"query":"SELECT 1","params":{}}', '"params" of the body must be an array'],
    ['queries that are an object', '{"queries":{}}', '"queries" must be an array'],
    ['a query in a batch that is text', '{"queries":["SELECT 1"]}', 'There must be a string "query" in queries[0]'],
    ['a NUL in the query', '{"query":"SELECT 1\\u0000; DROP"}', 'The query of the body contains a NUL'],
  ])('with %s is 400 and names the reason', async (_, body, message) => {
    expect(await post(body)).toEqual({ status: 400, body: { message } })
  })

  it.each([
    ['that is missing', undefined],
    ['that is no URL', 'nonsense'],
    ['of another kind', 'mysql://root@127.0.0.1/app'],
    ['without a role', 'postgres://127.0.0.1/app'],
    ['with a broken escape in the role', 'postgres://%E0%A4%A@127.0.0.1/app'],
  ])('with a connection string %s is 400', async (_, connection) => {
    const headers: Headers = connection === undefined ? {} : { 'Neon-Connection-String': connection }
    const { status, body } = await post('{"query":"SELECT 1"}', headers)
    expect([status, body.message]).toEqual([400, expect.stringContaining('Neon-Connection-String')])
  })

  it('with an unknown isolation level is 400 and lists the known ones', async () => {
    const { status, body } = await post('{"queries":[]}', { ...asAdmin(), 'Neon-Batch-Isolation-Level': 'Chaos' })
    expect([status, body.message]).toEqual([400, expect.stringContaining('RepeatableRead, Serializable')])
  })

  it('for another path is 404, with another method 405', async () => {
    expect((await fetch(new URL('/', server.url))).status).toBe(404)
    expect((await fetch(server.url)).status).toBe(405)
  })

  it('with a body above 64 MiB is 413', async () => {
    const status = await new Promise((resolve, reject) => {
      const headers = { ...asAdmin(), 'content-length': 65 * 1024 * 1024 }
      const request = httpRequest(server.url, { method: 'POST', headers }, (response) => {
        resolve(response.statusCode)
        request.destroy()
      })
      request.on('error', reject).flushHeaders()
    })
    expect(status).toBe(413)
  })

  it('under another host name is 403, because a web page could have sent it', async () => {
    const status = await new Promise((resolve, reject) => {
      const headers = { ...asAdmin(), host: 'evil.example' }
      const request = httpRequest(server.url, { method: 'POST', headers }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode))
      })
      request.on('error', reject).end('{"query":"SELECT 1"}')
    })
    expect(status).toBe(403)
  })

  it('that its client cuts off does not affect later requests', async () => {
    await new Promise<void>((resolve, reject) => {
      const socket = connect(server.port, '127.0.0.1', () => {
        socket.write('POST /sql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\n{"query"', () =>
          socket.destroy(),
        )
      })
      socket.on('close', () => resolve()).on('error', reject)
    })
    expect((await post('{"query":"SELECT 1"}')).status).toBe(200)
  })
})

describe('without the headers of the client', () => {
  it('returns rows as objects with JSON values, as Neon does', async () => {
    const query = `SELECT 1::int AS i, 2::bigint AS big, 1.5::float8 AS f, 'NaN'::float8 AS nan, true AS b,
      '{"a":[1]}'::jsonb AS j, ARRAY['x', NULL] AS t, ARRAY[1, 2] AS n, NULL AS nothing, 1.10::numeric AS price`
    const { body } = await post(JSON.stringify({ query }))
    expect(body.rows).toEqual([
      {
        i: 1,
        big: '2',
        f: 1.5,
        nan: 'NaN',
        b: true,
        j: { a: [1] },
        t: ['x', null],
        n: [1, 2],
        nothing: null,
        price: '1.10',
      },
    ])
  })

  it('accepts parameters of any JSON type', async () => {
    const query =
      'SELECT $1::int AS i, $2::boolean AS b, $3::jsonb AS j, $4::text[] AS t, $5::int[][] AS n, $6::text AS x'
    const params = [
      1,
      true,
      { a: 'ü"' },
      ['a"\\', null, 'NULL'],
      [
        [1, 2],
        [3, 4],
      ],
      null,
    ]
    const { body } = await post(JSON.stringify({ query, params }))
    expect(body.rows).toEqual([
      {
        i: 1,
        b: true,
        j: { a: 'ü"' },
        t: ['a"\\', null, 'NULL'],
        n: [
          [1, 2],
          [3, 4],
        ],
        x: null,
      },
    ])
  })
})

describe('counts', () => {
  it('include every HTTP request: a batch counts once, a refused request too', async () => {
    const sql = neon(server.connectionString('postgres'))
    await sql`SELECT 1`
    await sql.transaction([sql`SELECT 1`, sql`SELECT 2`])
    await sql`SELECT nonsense`.catch(() => {})
    expect(server.counts()).toEqual({ roundTrips: 3 })
    server.resetCounts()
    expect(server.counts()).toEqual({ roundTrips: 0 })
  })
})

describe('a backend that does not answer', () => {
  it('is a 503 instead of a refusal by Postgres', async () => {
    const failing = () => Promise.reject(new Error('connection lost'))
    const backend: SqlBackend = { single: failing, batch: failing, close: async () => {} }
    const other = await startNeonEmulator({ backend })
    const failed = await neon(other.connectionString('postgres'))`SELECT 1`.catch((error: Error) => error)
    await other.close()
    expect(failed).toMatchObject({ code: undefined, message: expect.stringContaining('HTTP status 503') })
  })
})

describe('starting', () => {
  it('names a taken port', async () => {
    await expect(startNeonEmulator({ backend: opened.backend, port: server.port })).rejects.toThrow(
      `Port ${server.port} on 127.0.0.1, wanted for the Neon endpoint, is taken.`,
    )
  })

  it('closes at once while a client keeps its connection', async () => {
    const other = await startNeonEmulator({ backend: opened.backend })
    await neon(other.connectionString('postgres'))`SELECT 1`
    await other.close()
    await expect(fetch(other.url)).rejects.toThrow()
  })
})
