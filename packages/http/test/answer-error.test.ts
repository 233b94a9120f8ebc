import { PUBLIC } from '@shop/http/access'
import { createApp } from '@shop/http/app'
import { ClientClosedRequest } from '@shop/http/errors'
import { createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { Unavailable } from '@shop/kernel/unavailable'
import { HTTPException } from 'hono/http-exception'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'

const app = createApp<object, object>({ deps: () => ({}) })
let thrown: Error
app.get('/fails', () => {
  throw thrown
})

const logged: Record<string, unknown>[] = []
for (const method of ['log', 'warn', 'error'] as const) {
  vi.spyOn(console, method).mockImplementation((line: string) => void logged.push(JSON.parse(line)))
}
afterEach(() => void logged.splice(0))

const ERRORS: [name: string, error: Error, status: number, code: string, level: string | undefined, event?: string][] =
  [
    ['a bug', new TypeError('x is not a function'), 500, 'internal_error', 'error', 'unexpected_error'],
    ['an outage', new Unavailable('postgres'), 503, 'service_unavailable', 'error', 'dependency_unavailable'],
    ['a body that is no JSON', new HTTPException(400), 400, 'malformed_json', undefined],
    ['a body of another type', new HTTPException(415), 415, 'unsupported_media_type', undefined],
  ]

describe('an error thrown by a request', () => {
  it.each(ERRORS)('%s is answered and logged', async (_, error, status, code, level, event) => {
    thrown = error
    const response = await app.request('http://worker/fails')
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([status, code])
    expect(response.headers.has('retry-after')).toBe(status === 503)
    expect(logged).toEqual(
      level === undefined ? [] : [expect.objectContaining({ level, event, method: 'GET', path: '/fails' })],
    )
  })

  it.each([
    ...ERRORS.map(([name, error]) => ({ name, error })),
    { name: 'an abort', error: new DOMException('', 'AbortError') },
  ])('$name is no error of ours when the client has left', async ({ error }) => {
    thrown = error
    const client = new AbortController()
    client.abort()
    const response = await app.request('http://worker/fails', { signal: client.signal })
    expect(response.status).toBe(499)
    expect(logged).toEqual([
      expect.objectContaining({
        level: 'info',
        event: 'client_closed_request',
        method: 'GET',
        path: '/fails',
        status: 499,
      }),
    ])
    expect(logged[0]).not.toHaveProperty('error')
  })
})

const Thing = z.strictObject({ name: z.string() })
app.openapi(
  createRoute({
    access: PUBLIC,
    method: 'post',
    path: '/json',
    request: { body: jsonBody(Thing) },
    responses: { 200: json('A thing', Thing), ...problems('malformed_json', 'validation_failed') },
  }),
  (c) => c.json(c.req.valid('json'), 200),
)
app.post('/text', async (c) => c.text(await c.req.text()))
app.post('/bytes', async (c) => c.body(await c.req.arrayBuffer()))

describe('a body that ends early', () => {
  /** A body whose client disconnects in the middle. */
  const cut = () =>
    new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode('{"name":')),
      pull: (controller) => controller.error(new Error('Network connection lost.')),
    })

  it.each(['/json', '/text', '/bytes'])('is not an error of the shop, whichever method reads it: %s', async (path) => {
    // Node's fetch wants `duplex` with a stream; the DOM's type does not know it.
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: cut(), duplex: 'half' }
    const response = await app.request(`http://worker${path}`, init as RequestInit)
    expect(response.status).toBe(499)
    expect(logged).toEqual([
      expect.objectContaining({ level: 'info', event: 'client_closed_request', path, status: 499 }),
    ])
  })

  it('is reported by its own reader', async () => {
    thrown = new Error('Reading failed', { cause: new ClientClosedRequest(new Error('Network connection lost.')) })
    expect((await app.request('http://worker/fails')).status).toBe(499)
    expect(logged).toEqual([expect.objectContaining({ level: 'info', event: 'client_closed_request' })])
  })
})
