import { PUBLIC } from '@shop/http/access'
import { createApp } from '@shop/http/app'
import { createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'

const Body = z.strictObject({ password: z.string() })
const route = createRoute({
  access: PUBLIC,
  method: 'post',
  path: '/passwords',
  request: { body: jsonBody(Body) },
  responses: {
    200: json('What was understood', Body),
    ...problems('malformed_json', 'unsupported_media_type', 'validation_failed'),
  },
})

const app = createApp<object, object>({ deps: () => ({}), rawPaths: ['/raw'] })
app.openapi(route, (c) => c.json(c.req.valid('json'), 200))
app.post('/raw', async (c) => c.json({ bytes: [...new TextEncoder().encode(await c.req.text())] }))
app.post('/guarded', (c) => c.json({ isUnread: !c.req.raw.bodyUsed }, 403))
app.delete('/nothing', (c) => c.json({ isUnread: !c.req.raw.bodyUsed }, 200))
app.post('/bytes', async (c) => c.json({ bytes: [...new Uint8Array(await c.req.arrayBuffer())] }))

type Body = ArrayBuffer | string
const bytes = (...values: number[]) => new Uint8Array(values).buffer

/** A JSON body whose one text has these bytes in it. */
function bodyWith(...values: number[]): ArrayBuffer {
  return bytes(...new TextEncoder().encode('{"password":"pass'), ...values, ...new TextEncoder().encode('word"}'))
}

async function send(body: Body, headers: Record<string, string> = {}, path = '/passwords') {
  const init = { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } }
  const response = await app.request(`http://worker${path}`, init)
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

describe('a body', () => {
  it.each([
    ['a lone continuation byte', [0x80]],
    ['a cut sequence', [0xc3]],
    ['an overlong NUL', [0xc0, 0x80]],
    ['an overlong slash', [0xe0, 0x80, 0xaf]],
    ['a surrogate in UTF-8', [0xed, 0xa0, 0x80]],
    ['a code point above U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
    ['Latin-1', [0xe4]],
    ['0xFF', [0xff]],
  ])('with %s is refused', async (_, values) => {
    expect(await send(bodyWith(...values))).toMatchObject({ status: 400, body: { code: 'malformed_json' } })
  })

  it('of a method that has none is neither read nor judged', async () => {
    const headers = { 'content-type': 'text/plain', 'content-encoding': 'br' }
    const response = await app.request('http://worker/nothing', { method: 'DELETE', body: 'x', headers })
    expect([response.status, await response.json()]).toEqual([200, { isUnread: true }])
  })

  it.each([
    '{"password":"x","__proto__":1}',
    '{"password":"x","\\u005f_proto__":{}}',
    '{"password":{"a":[{"__proto__":null}]}}',
  ])('with a member named __proto__ is refused, since maps would lose it: %s', async (body) => {
    expect(await send(body)).toMatchObject({ status: 400, body: { code: 'malformed_json' } })
  })

  it('may have that name as a text, and in a body that is not JSON', async () => {
    expect(await send('{"password":"\\u005f_proto__"}')).toMatchObject({ body: { password: '__proto__' } })
    expect(await send('{"__proto__":', {}, '/raw')).toMatchObject({ status: 200 })
  })

  it('in UTF-16 is refused', async () => {
    const text = '{"password":"x"}'
    const utf16 = [...text].flatMap((character) => [character.charCodeAt(0), 0])
    expect((await send(bytes(0xff, 0xfe, ...utf16))).status).toBe(400)
    expect((await send(bytes(...utf16))).status).toBe(400)
  })

  it.each(['ä', '😀', '\ufffd', '\u{10ffff}', '\ufeff'])('with %j in it is accepted unchanged', async (character) => {
    const body = JSON.stringify({ password: character })
    expect(await send(body)).toEqual({ status: 200, body: { password: character } })
  })

  it('may begin with a byte order mark', async () => {
    const text = new TextEncoder().encode('{"password":"x"}')
    expect((await send(bytes(0xef, 0xbb, 0xbf, ...text))).status).toBe(200)
  })

  it('is not read before it is needed', async () => {
    expect((await send(bodyWith(0xff), {}, '/guarded')).body).toEqual({ isUnread: true })
  })

  it('can be read as bytes', async () => {
    expect((await send(bytes(0xff, 0), {}, '/bytes')).body).toEqual({ bytes: [0xff, 0] })
  })
})

describe('a content type', () => {
  it.each([
    'application/json',
    'application/json;charset=utf-8',
    'application/json; charset=UTF-8',
    'application/json; charset="utf-8"',
    'application/json; Charset=utf8',
    'application/merge-patch+json; charset=utf-8',
    'application/json; profile="a;charset=latin1"',
    'APPLICATION/JSON',
  ])('%s is taken', async (type) => {
    expect((await send('{"password":"x"}', { 'content-type': type })).status).toBe(200)
  })

  it.each([
    'application/json; charset=iso-8859-1',
    'application/json; charset=utf-16',
    'application/json;charset="windows-1252"',
    'application/json; profile="x"; charset=latin1',
    'application/json; charset=utf-8; charset=latin1',
    'application/json; charset=us-ascii',
    'application/json; charset=',
    'application/json; CHARSET=UTF-7',
  ])('%s is refused for its charset', async (type) => {
    const { status, body } = await send('{"password":"x"}', { 'content-type': type })
    expect([status, body.code, body.detail]).toEqual([415, 'unsupported_media_type', 'Send the body as UTF-8'])
  })

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonp',
    'application/json;',
    'application/json; charset',
    '',
  ])('%j is refused', async (type) => {
    const { status, body } = await send('{"password":"x"}', { 'content-type': type })
    expect([status, body.code]).toEqual([415, 'unsupported_media_type'])
  })
})

describe('a content encoding', () => {
  it.each(['gzip', 'GZIP', 'br', 'deflate', 'zstd', 'identity, gzip', 'gzip, gzip', 'x'])(
    '%s is refused',
    async (coding) => {
      for (const path of ['/passwords', '/raw']) {
        const { status, body } = await send('{"password":"x"}', { 'content-encoding': coding }, path)
        expect([status, body.code]).toEqual([415, 'unsupported_media_type'])
        expect(body.detail).toContain('Content-Encoding')
      }
    },
  )

  it.each(['identity', 'Identity', '', 'identity, identity'])('%j is accepted', async (coding) => {
    expect((await send('{"password":"x"}', { 'content-encoding': coding })).status).toBe(200)
  })

  it('is ignored where no route reads a body', async () => {
    const { status } = await send('{}', { 'content-encoding': 'gzip', 'content-type': 'text/plain' }, '/nowhere')
    expect(status).toBe(404)
  })
})

describe('a raw path', () => {
  it.each([
    ['application/json', [0xef, 0xbb, 0xbf, 0x7b, 0x7d]],
    ['text/plain; charset=latin1', [0x7b, 0xc3, 0xa4, 0x7d]],
  ])('takes %s, and its text has every byte', async (type, values) => {
    const { status, body } = await send(bytes(...values), { 'content-type': type }, '/raw')
    expect([status, body.bytes]).toEqual([200, values])
  })

  it('refuses bytes that are not UTF-8', async () => {
    expect((await send(bodyWith(0xff), {}, '/raw')).status).toBe(400)
  })
})
