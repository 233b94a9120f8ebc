import { createApp } from '@shop/http/app'
import { expectedVersions, versioned } from '@shop/http/conditional'
import { entityTag, isUnchanged } from '@shop/http/entity-tag'
import { problem } from '@shop/http/problem'
import { checkVersion } from '@shop/kernel/versions'
import { describe, expect, it } from 'vitest'

describe('an entity tag', () => {
  it('is equal for equal bodies and differs for others', async () => {
    expect(await entityTag('{"a":1}')).toBe(await entityTag('{"a":1}'))
    expect(await entityTag('{"a":1}')).not.toBe(await entityTag('{"a":2}'))
    expect(await entityTag('ä')).toMatch(/^"[\da-f]{40}"$/)
  })

  it('begins with the version of a resource that has one', async () => {
    expect(await entityTag('{"a":1}', 7)).toBe((await entityTag('{"a":1}')).replace('"', '"7-'))
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

  it('is required for a 304', () => {
    expect(isUnchanged('*', null)).toBe(false)
  })
})

describe('a read', () => {
  const app = createApp<object, object>({ deps: () => ({}) })
  app.get('/found', (c) => c.json({ a: 1 }))
  app.get('/missing', (c) => c.json({}, 404))
  app.post('/found', (c) => c.json({ a: 1 }))
  const ask = (path: string, init?: RequestInit) => app.request(`http://worker${path}`, init)

  it('has a tag and is 304 without a body to a client that has it, by GET and by HEAD', async () => {
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

/** A resource in version 7 that can be read and written; a write leaves version 8. */
const versionedApp = createApp<object, object>({ deps: () => ({}) })
versionedApp.get('/thing', (c) => {
  versioned(c, 7)
  return c.json({ name: 'Mug', stock: Number(c.req.query('stock')) })
})
for (const method of ['put', 'patch', 'delete'] as const) {
  versionedApp[method]('/thing', (c) => {
    const expected = expectedVersions(c)
    if (!expected.ok) return problem(c, expected.failure)
    const checked = checkVersion(expected.value, 7)
    if (!checked.ok) return problem(c, checked.failure)
    versioned(c, 8)
    return method === 'delete' ? c.body(null, 204) : c.json({ name: 'Cup', stock: 1 })
  })
}
versionedApp.post('/thing', (c) => {
  versioned(c, 1)
  return c.json({ name: 'Mug', stock: 1 }, c.req.query('fails') ? 409 : 201)
})
const send = (method: string, headers: Record<string, string> = {}, query = '') =>
  versionedApp.request(`http://worker/thing${query}`, { method, headers })

describe('the tag of a resource with a version', () => {
  it('has the version and a digest of the body', async () => {
    const tags = await Promise.all(
      ['?stock=1', '?stock=2'].map(async (query) => (await send('GET', {}, query)).headers.get('etag')),
    )
    for (const tag of tags) expect(tag).toMatch(/^"7-[\da-f]{40}"$/)
    expect(tags[0]).not.toBe(tags[1])
  })

  it('is compared with If-None-Match as a whole', async () => {
    const tag = (await send('GET', {}, '?stock=1')).headers.get('etag') ?? ''
    for (const header of [tag, `W/${tag}`, `"x", ${tag}`, '*']) {
      expect((await send('GET', { 'if-none-match': header }, '?stock=1')).status).toBe(304)
    }
    for (const header of [`${tag.slice(0, -2)}"`, '"7"', '"7-"', '"7', tag.replace('7', '8')]) {
      expect((await send('GET', { 'if-none-match': header }, '?stock=1')).status).toBe(200)
    }
    expect((await send('GET', { 'if-none-match': tag }, '?stock=2')).status).toBe(200)
  })

  it('is sent with the answer to a write, for the version it leaves', async () => {
    for (const method of ['PUT', 'PATCH']) {
      const written = await send(method, { 'if-none-match': '*' })
      expect([written.status, written.headers.get('etag')]).toEqual([200, expect.stringMatching(/^"8-[\da-f]{40}"$/)])
      expect(await written.json()).toEqual({ name: 'Cup', stock: 1 })
    }
    const created = await send('POST')
    expect([created.status, created.headers.get('etag')]).toEqual([201, expect.stringMatching(/^"1-[\da-f]{40}"$/)])
  })

  it('is sent with no failure and no empty answer', async () => {
    expect((await send('POST', {}, '?fails=1')).headers.has('etag')).toBe(false)
    expect((await send('DELETE')).headers.has('etag')).toBe(false)
    expect((await send('PUT', { 'if-match': '"6"' })).headers.has('etag')).toBe(false)
  })
})

describe('If-Match', () => {
  const DIGEST = '0123456789abcdef0123456789abcdef01234567'

  it.each([
    `"7-${DIGEST}"`,
    `W/"7-${DIGEST}"`,
    '"7-of-another-answer"',
    '"7"',
    `"6-${DIGEST}", "7-${DIGEST}"`,
    `"x",W/"7-x" , "8"`,
    `, "7-x",, `,
    '*',
    ' * ',
  ])('%j lets a write change version 7', async (header) => {
    for (const method of ['PUT', 'PATCH', 'DELETE'])
      expect((await send(method, { 'if-match': header })).status).toBeLessThan(300)
  })

  it.each([
    `"6-${DIGEST}"`,
    `W/"8-${DIGEST}"`,
    `"${DIGEST}"`,
    `"70-${DIGEST}"`,
    '"07-x"',
    '"-7"',
    '"7.0-x"',
    '""',
    '"*"',
    '"6", "8"',
    `"${'7'.repeat(20)}"`,
  ])('%j does not', async (header) => {
    for (const method of ['PUT', 'PATCH', 'DELETE']) {
      const refused = await send(method, { 'if-match': header })
      expect([refused.status, await refused.json()]).toMatchObject([412, { code: 'version_conflict' }])
    }
  })

  it.each(['7', '"7', '7"', 'w/"7"', 'W/ "7"', '"7" "8"', '"7", 8', '*, "7"', '"7", *', "'7'", ',', '', '"a b"'])(
    '%j is malformed',
    async (header) => {
      const refused = await send('PUT', { 'if-match': header })
      expect([refused.status, await refused.json()]).toMatchObject([400, { code: 'malformed_request' }])
    },
  )

  it('need not be sent', async () => {
    expect((await send('PUT')).status).toBe(200)
  })

  it('is parsed in linear time', async () => {
    const began = performance.now()
    await send('PUT', { 'if-match': `${'"7",'.repeat(20_000)}x` })
    await send('PUT', { 'if-match': `${', '.repeat(50_000)}x` })
    expect(performance.now() - began).toBeLessThan(1_000)
  })
})
