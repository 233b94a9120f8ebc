import { createApp } from '@shop/http'
import { entityTag, isUnchanged } from '@shop/http/entity-tag'
import { describe, expect, it } from 'vitest'

describe('an entity tag', () => {
  it('is equal for equal bodies and differs for others', async () => {
    expect(await entityTag('{"a":1}')).toBe(await entityTag('{"a":1}'))
    expect(await entityTag('{"a":1}')).not.toBe(await entityTag('{"a":2}'))
    expect(await entityTag('ä')).toMatch(/^"[\da-f]{40}"$/)
  })

  it.each([
    ['"a"', true],
    ['W/"a"', true],
    ['"b", "a"', true],
    ['"b",W/"a" ', true],
    ['*', true],
    ['"b"', false],
    ['a', false],
    ['"a', false],
    ['', false],
    [null, false],
  ])('"a" is known to a client that says %s: %s', (header, known) => {
    expect(isUnchanged(header, '"a"')).toBe(known)
  })

  it('is needed for anything to be unchanged', () => {
    expect(isUnchanged('*', null)).toBe(false)
  })
})

describe('a read', () => {
  const app = createApp<object, object>({ deps: () => ({}) })
  app.get('/found', (c) => c.json({ a: 1 }))
  app.get('/missing', (c) => c.json({}, 404))
  app.post('/found', (c) => c.json({ a: 1 }))
  const ask = (path: string, init?: RequestInit) => app.request(`http://worker${path}`, init)

  it('has a tag and is 304 without a body to whoever has it, by GET and by HEAD', async () => {
    const full = await ask('/found')
    const tag = full.headers.get('etag') ?? ''
    expect(await full.json()).toEqual({ a: 1 })
    for (const method of ['GET', 'HEAD']) {
      const unchanged = await ask('/found', { method, headers: { 'if-none-match': tag } })
      expect([unchanged.status, await unchanged.text(), unchanged.headers.get('etag')]).toEqual([304, '', tag])
      expect(unchanged.headers.get('cache-control')).toBe('no-store')
      expect(unchanged.headers.has('content-type')).toBe(false)
    }
    expect((await ask('/found', { method: 'HEAD' })).headers.get('etag')).toBe(tag)
  })

  it.each([
    ['that finds nothing', '/missing', 'GET'],
    ['that is none', '/found', 'POST'],
  ])('%s has no tag', async (_, path, method) => {
    const response = await ask(path, { method, headers: { 'if-none-match': '*' } })
    expect(response.headers.has('etag')).toBe(false)
    expect(response.status).not.toBe(304)
  })
})
