import { NeonDbError, neon, neonConfig } from '@neondatabase/serverless'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type NeonEmulator, startNeonEmulator } from '../src/server.ts'
import { type OpenBackend, openTemporaryPGlite } from './support/engines.ts'

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 })
neonConfig.fetchEndpoint = (host, port) => `http://${host}:${port}/sql`

let opened: OpenBackend
let server: NeonEmulator
let sql: ReturnType<typeof neon<false, false>>
let controlUrl: string

beforeAll(async () => {
  opened = await openTemporaryPGlite()
  server = await startNeonEmulator({ backend: opened.backend, control: { adminRole: 'postgres' } })
  controlUrl = new URL('/_control/faults', server.url).href
  sql = neon(server.connectionString('postgres'))
  await sql`CREATE TABLE item (id int PRIMARY KEY)`
  await sql`CREATE ROLE reader LOGIN`
})
beforeEach(() => sql`DELETE FROM item`)
afterEach(() => server.faults.clear())
afterAll(async () => {
  await server.close()
  await opened.close()
})

const ids = async () => (await sql`SELECT id FROM item ORDER BY id`).map((row) => row.id)
const insert = (id: number) => sql`INSERT INTO item VALUES (${id})`

describe('a fault at the Neon endpoint', () => {
  it('cuts the connection before the work or after its commit', async () => {
    server.faults.add({ kind: 'cut_before' })
    await expect(insert(1)).rejects.toThrow('fetch failed')
    server.faults.add({ kind: 'cut_after' })
    await expect(insert(2)).rejects.toThrow('fetch failed')
    expect(await ids()).toEqual([2])
  })

  it('answers an SQLSTATE or HTTP status instead of the work or of its answer', async () => {
    server.faults.add({ kind: 'status', status: 400, code: '40001', message: 'could not serialize access' })
    const refused = await insert(1).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(NeonDbError)
    expect(refused).toMatchObject({ code: '40001', severity: 'ERROR', message: 'could not serialize access' })
    server.faults.add({ kind: 'status', status: 500, at: 'after' })
    await expect(insert(2)).rejects.toThrow('HTTP status 500')
    server.faults.add({ kind: 'status', status: 200, body: '<html>' })
    await expect(insert(3)).rejects.toThrow()
    expect(await ids()).toEqual([2])
  })

  it('discards a refusal by Postgres like any other answer', async () => {
    await insert(1)
    server.faults.add({ kind: 'cut_after' })
    await expect(insert(1)).rejects.toThrow('fetch failed')
  })

  it('waits before or after the work', async () => {
    server.faults.add({ kind: 'delay', ms: 30 })
    const started = performance.now()
    await insert(1)
    expect(performance.now() - started).toBeGreaterThan(25)
    server.faults.add({ kind: 'delay', ms: 60_000, at: 'after', match: { operation: 'insert' } })
    const slow = insert(2).catch((error: Error) => error.message)
    await vi.waitFor(async () => expect(await ids()).toEqual([1, 2]))
    expect(await Promise.race([slow, 'still waiting'])).toBe('still waiting')
  })

  it('never answers, before the work or after it, until the client leaves', async () => {
    const leaving = AbortSignal.timeout(100)
    for (const at of ['before', 'after'] as const) server.faults.add({ kind: 'hang', at })
    const asked = [1, 2].map((id) =>
      neon(server.connectionString('postgres'), { fetchOptions: { signal: leaving } })`
      INSERT INTO item VALUES (${id})`.catch((error: Error) => error.message),
    )
    expect(await Promise.all(asked)).toEqual([expect.stringContaining('timeout'), expect.stringContaining('timeout')])
    expect(await ids()).toHaveLength(1)
  })

  it('sends the complete answer in pieces', async () => {
    server.faults.add({ kind: 'drip', ms: 60 })
    const started = performance.now()
    const [row] = await sql`SELECT repeat('é', 1000) AS text`
    expect(row?.text).toBe('é'.repeat(1000))
    expect(performance.now() - started).toBeGreaterThan(50)
  })

  it.each([
    ['a part of the SQL, in any case', { sql: 'into ITEM' }],
    ['a pattern', { sql: /values \(\$1\)/i }],
    ['the operation', { operation: 'insert' }],
    ['the kind of request', { kind: 'batch' as const }],
    ['all of these at once', { sql: 'item', operation: 'INSERT', kind: 'batch' as const, role: 'postgres' }],
  ])('hits only matching requests: by %s', async (_, match) => {
    const fault = server.faults.add({ kind: 'cut_before', match, times: Number.POSITIVE_INFINITY })
    await ids()
    await sql`SELECT 'values' AS a`
    expect(fault.hits()).toBe(0)
    await expect(sql.transaction([sql`SELECT 1`, insert(1)])).rejects.toThrow('fetch failed')
    expect(fault.hits()).toBe(1)
  })

  it('hits only the configured role', async () => {
    server.faults.add({ kind: 'cut_before', match: { role: 'reader' } })
    await insert(1)
    await expect(neon(server.connectionString('reader'))`SELECT 1`).rejects.toThrow('fetch failed')
  })

  it('hits the configured number of requests after the skipped ones, and none when removed', async () => {
    server.faults.add({ kind: 'cut_before', skip: 1, times: 2, match: { operation: 'INSERT' } })
    await insert(1)
    await expect(insert(2)).rejects.toThrow('fetch failed')
    await expect(insert(2)).rejects.toThrow('fetch failed')
    await insert(2)
    const fault = server.faults.add({ kind: 'cut_before' })
    fault.remove()
    expect(await ids()).toEqual([1, 2])
  })

  it.each([{ kind: 'delay' as const, ms: 60_000 }, { kind: 'hang' as const }])(
    'does not delay closing: $kind',
    async (effect) => {
      const other = await startNeonEmulator({ backend: opened.backend })
      const fault = other.faults.add(effect)
      const answer = neon(other.connectionString('postgres'))`SELECT 1`.catch((error: Error) => error.message)
      await vi.waitFor(() => expect(fault.hits()).toBe(1))
      await other.close()
      expect(await answer).toContain('fetch failed')
    },
  )
})

describe('faults set from another process', () => {
  const send = (method: string, body?: object, headers = {}) =>
    fetch(controlUrl, { method, headers, ...(body && { body: JSON.stringify(body) }) })

  it('are added, listed with their hits, and cleared', async () => {
    await send('POST', { kind: 'cut_after', match: { sql: 'into item' } })
    await expect(insert(1)).rejects.toThrow('fetch failed')
    const fault = { kind: 'cut_after', match: { sql: 'into item' } }
    expect(await (await send('GET')).json()).toEqual([{ fault, left: 0, hits: 1 }])
    await send('DELETE')
    expect(await (await send('GET')).json()).toEqual([])
  })

  it('are refused when malformed or sent by a web page', async () => {
    expect((await send('POST', { hello: 1 })).status).toBe(400)
    expect((await send('PUT', {})).status).toBe(405)
    expect((await send('POST', { kind: 'cut_before' }, { origin: 'http://evil.example' })).status).toBe(403)
    expect(server.faults.list()).toEqual([])
  })

  it('are not served by default', async () => {
    const other = await startNeonEmulator({ backend: opened.backend })
    expect((await fetch(new URL('/_control/faults', other.url))).status).toBe(404)
    await other.close()
  })
})
