import { PUBLIC, SIGNED_IN } from '@shop/http/access'
import { createApp } from '@shop/http/app'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { openApiDocument } from '@shop/http/openapi-document'
import { CALLER_HEADER } from '@shop/kernel/caller'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'

const Address = z.strictObject({ city: z.string() }).meta({ id: 'TestAddress' })
const Parcel = z.strictObject({ to: Address, back_to: Address.nullable() }).meta({ id: 'TestParcel' })

describe('openApiDocument', () => {
  const app = createApp<object, object>({ deps: () => ({}) })
  const responses = { 200: json('A parcel', Parcel), ...problems() }
  app.openapi(createRoute({ method: 'get', path: '/parcel', access: PUBLIC, responses }), (c) =>
    c.json({ to: { city: 'Ulm' }, back_to: null }, 200),
  )
  const document = JSON.parse(JSON.stringify(openApiDocument(app)))

  it('names schemas by their id, those in others too', () => {
    expect(Object.keys(document.components.schemas).sort()).toEqual(['Problem', 'TestAddress', 'TestParcel'])
    expect(document.paths['/parcel'].get.responses['200'].content['application/json'].schema).toEqual({
      $ref: '#/components/schemas/TestParcel',
    })
  })

  it('lets a nullable reference be null', () => {
    expect(document.components.schemas.TestParcel.properties).toEqual({
      to: { $ref: '#/components/schemas/TestAddress' },
      back_to: { anyOf: [{ $ref: '#/components/schemas/TestAddress' }, { type: 'null' }] },
    })
  })
})

describe('the description of an operation without a body', () => {
  const describedFor = (method: 'post' | 'put' | 'patch' | 'get' | 'delete') => {
    const app = createApp<object, object>({ deps: () => ({}) })
    const responses = { 200: json('Done', z.strictObject({ done: z.boolean() })), ...problems() }
    app.openapi(createRoute({ method, path: '/do', access: PUBLIC, responses }), (c) => c.json({ done: true }, 200))
    const document = JSON.parse(JSON.stringify(openApiDocument(app)))
    return Object.keys(document.paths['/do'][method].responses)
  }

  it.each(['post', 'put', 'patch'] as const)('names the refusals of a body that a client sends by %s', (method) => {
    expect(describedFor(method)).toEqual(expect.arrayContaining(['408', '413', '415']))
  })

  it.each(['get', 'delete'] as const)('names none for %s, whose body is not read', (method) => {
    expect(describedFor(method)).toEqual(expect.not.arrayContaining(['408', '413', '415']))
  })
})

const AS_CUSTOMER = { [CALLER_HEADER]: JSON.stringify({ kind: 'user', userId: 'user_1', role: 'customer' }) }

describe('an operation', () => {
  const app = createApp<object, object>({ deps: () => ({}) })
  const Optional = z.strictObject({ limit: z.int().default(200) }).meta({ id: 'TestOptional' })
  const Required = z.strictObject({ name: z.string() }).meta({ id: 'TestRequired' })
  const responses = { 200: json('What was read', z.any()), ...problems(...BODY_PROBLEMS) }
  const read = {
    method: 'get',
    path: '/read',
    access: PUBLIC,
    request: { query: z.object({ limit: z.string().optional() }) },
  } as const
  const audit = { method: 'post', path: '/audit', access: PUBLIC, request: { body: jsonBody(Optional) } } as const
  const create = { method: 'post', path: '/things', access: SIGNED_IN, request: { body: jsonBody(Required) } } as const
  app.openapi(createRoute({ ...read, responses }), (c) => c.json({ ...c.req.valid('query') }, 200))
  app.openapi(createRoute({ ...audit, responses }), (c) => c.json(c.req.valid('json'), 200))
  app.openapi(createRoute({ ...create, responses }), (c) => c.json(c.req.valid('json'), 200))
  const { paths } = JSON.parse(JSON.stringify(openApiDocument(app)))
  const send = async (path: string, init?: RequestInit) => {
    const response = await app.request(`http://worker${path}`, init)
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }

  it.each([
    ['/read?limt=5', ['limt']],
    ['/read?limit=5&a=1&b', ['a', 'b']],
    ['/read?constructor=1', ['constructor']],
    ['/read?__proto__=1', ['__proto__']],
    ['/read?limit%5B%5D=1', ['limit[]']],
    ['/read?Limit=1', ['Limit']],
  ])('refuses the unknown query parameters of %s by name', async (path, fields) => {
    const { status, body } = await send(path)
    const errors = fields.map((field) => ({ field, message: 'is not a known field' }))
    expect([status, body.code, body.errors]).toEqual([422, 'validation_failed', errors])
  })

  it('refuses them too where it takes no query at all', async () => {
    const { status, body } = await send('/audit?x=1', { method: 'POST' })
    expect([status, body.errors]).toEqual([422, [{ field: 'x', message: 'is not a known field' }]])
  })

  it('takes the parameters that it declares', async () => {
    expect(await send('/read?limit=5')).toEqual({ status: 200, body: { limit: '5' } })
  })

  it('whose body is all optional takes none, and says so', async () => {
    expect(await send('/audit', { method: 'POST' })).toEqual({ status: 200, body: { limit: 200 } })
    expect([paths['/audit'].post.requestBody.required, paths['/things'].post.requestBody.required]).toEqual([
      false,
      true,
    ])
  })

  it('without the body that it requires is refused, naming the field', async () => {
    const { status, body } = await send('/things', { method: 'POST', headers: AS_CUSTOMER })
    expect([status, body.errors]).toMatchObject([422, [{ field: 'name' }]])
  })
})
