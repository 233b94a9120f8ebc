import { PUBLIC } from '@shop/http/access'
import { createApp } from '@shop/http/app'
import { validationFailed } from '@shop/http/field-errors'
import { createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'

const Address = z.strictObject({ line1: z.string(), city: z.string().max(10), zip: z.string().optional() })

function errorsOf(schema: z.ZodType, value: unknown) {
  const parsed = schema.safeParse(value)
  if (parsed.success) throw new Error('It is valid')
  return validationFailed(parsed.error).errors
}

const invalid = (expected: string, received: string) => `Invalid input: expected ${expected}, received ${received}`

describe('an error', () => {
  it.each([
    ['items.0.quantity', z.object({ items: z.array(z.object({ quantity: z.int() })) }), { items: [{ quantity: 'x' }] }],
    ['body', z.object({}), []],
    ['a', z.strictObject({}), { a: 1 }],
    ['deep.a', z.object({ deep: z.strictObject({}) }), { deep: { a: 1 } }],
  ])('names its field as %s', (field, schema, value) => {
    expect(errorsOf(schema, value)).toEqual([{ field, message: expect.any(String) }])
  })

  it('in the key of a record gives the reason', () => {
    const errors = errorsOf(z.object({ metadata: z.record(z.string().max(2), z.number()) }), { metadata: { abc: 1 } })
    expect(errors).toEqual([
      { field: 'metadata.abc', message: 'Invalid key in record: Too big: expected string to have <=2 characters' },
    ])
  })
})

describe('an error in a value of several allowed shapes', () => {
  const Schema = z.strictObject({ to: z.union([z.string().min(1).max(5), Address]) })

  it.each<[string, unknown, [field: string, message: string][]]>([
    ['text', 'too long', [['to', 'Too big: expected string to have <=5 characters']]],
    [
      'an object',
      { line1: 5 },
      [
        ['to.line1', invalid('string', 'number')],
        ['to.city', invalid('string', 'undefined')],
      ],
    ],
    [
      'an object with a long part',
      { line1: 'x', city: 'x'.repeat(11) },
      [['to.city', 'Too big: expected string to have <=10 characters']],
    ],
    ['an object with an unknown member', { line1: 'x', city: 'x', x: 1 }, [['to.x', 'is not a known field']]],
    ['neither', 5, [['to', 'Invalid input: expected string or object']]],
    ['null', null, [['to', 'Invalid input: expected string or object']]],
    ['a list', [], [['to', 'Invalid input: expected string or object']]],
  ])('says what is wrong with %s', (_, to, errors) => {
    expect(errorsOf(Schema, { to })).toEqual(errors.map(([field, message]) => ({ field, message })))
  })

  it('lists all allowed values', () => {
    const schema = z.union([z.enum(['a', 'b']), z.literal(5), z.union([z.boolean(), z.array(z.number())])])
    expect(errorsOf(schema, 'c')).toEqual([
      { field: 'body', message: 'Invalid input: expected "a", "b", 5, boolean or array' },
    ])
    expect(errorsOf(schema, [1, 'x'])).toEqual([{ field: '1', message: invalid('number', 'string') }])
  })

  it('is reported for the shape that the object resembles most', () => {
    const card = z.strictObject({ type: z.literal('card'), number: z.string(), holder: z.string() })
    const iban = z.strictObject({ type: z.literal('iban'), iban: z.string() })
    const schema = z.union([iban, card])
    expect(errorsOf(schema, { type: 'card' })).toEqual([
      { field: 'number', message: invalid('string', 'undefined') },
      { field: 'holder', message: invalid('string', 'undefined') },
    ])
    expect(errorsOf(schema, { type: 'iban' })).toEqual([{ field: 'iban', message: invalid('string', 'undefined') }])
    expect(
      errorsOf(z.union([z.object({ a: z.number() }), z.object({ b: z.number(), c: z.number() })]), { b: 1, c: '' }),
    ).toHaveLength(1)
  })

  it('names the allowed types', () => {
    const schema = z.discriminatedUnion('type', [
      z.object({ type: z.literal('x') }),
      z.object({ type: z.literal('y') }),
    ])
    expect(errorsOf(schema, { type: 'z' })).toEqual([
      { field: 'type', message: "Invalid discriminator value. Expected 'x' | 'y'" },
    ])
  })

  it('is found in such a value within another one', () => {
    const schema = z.object({
      parcels: z.array(z.union([z.number(), z.object({ to: z.union([z.string(), Address]) })])),
    })
    expect(errorsOf(schema, { parcels: [1, { to: { line1: 'x', city: 5 } }] })).toEqual([
      { field: 'parcels.1.to.city', message: invalid('string', 'number') },
    ])
  })
})

describe('a problem', () => {
  const Body = z.strictObject({ name: z.string(), tags: z.array(z.string()).optional() })
  const app = createApp<object, object>({ deps: () => ({}) })
  const route = createRoute({
    access: PUBLIC,
    method: 'post',
    path: '/things',
    request: { body: jsonBody(Body) },
    responses: {
      200: json('A thing', Body),
      ...problems('malformed_json', 'unsupported_media_type', 'validation_failed'),
    },
  })
  app.openapi(route, (c) => c.json(c.req.valid('json'), 200))
  const send = async (body: unknown) => {
    const headers = { 'content-type': 'application/json' }
    const response = await app.request('http://worker/things', { method: 'POST', headers, body: JSON.stringify(body) })
    const text = await response.text()
    return { status: response.status, size: text.length, body: JSON.parse(text) }
  }
  const unknownKeys = (count: number, keyOf = (n: number) => `k${n}`) =>
    Object.fromEntries(Array.from({ length: count }, (_, n) => [keyOf(n), 1]))

  it.each([
    ['unknown fields', { name: 'x', ...unknownKeys(26_000) }, 25_950],
    ['wrong elements', { name: 'x', tags: Array(26_000).fill(1) }, 25_950],
    ['both', { tags: Array(60).fill(1), ...unknownKeys(60) }, 71],
    ['one too many', { name: 'x', ...unknownKeys(51) }, 1],
  ])('has at most 50 errors for %s, and says how many more there are', async (_, body, more) => {
    const refused = await send(body)
    expect([refused.status, refused.body.errors.length, refused.body.more_errors]).toEqual([422, 50, more])
    expect(refused.size).toBeLessThan(10_000)
  })

  it('has no more_errors when all errors are listed', async () => {
    const refused = await send({ name: 'x', ...unknownKeys(50) })
    expect(refused.body.errors).toHaveLength(50)
    expect(refused.body).not.toHaveProperty('more_errors')
  })

  it('cuts off long field names', async () => {
    const refused = await send({ name: 'x', ...unknownKeys(60, (n) => `${n}${'x'.repeat(4_000)}`) })
    expect(refused.size).toBeLessThan(30_000)
    expect(refused.body.errors[0].field).toMatch(/^0x{58}…$/)
    const emoji = await send({ name: 'x', ['😀'.repeat(50_000)]: 1 })
    expect(emoji.body.errors[0].field.isWellFormed()).toBe(true)
  })

  it('cuts off long paths and messages', () => {
    const [error] = validationFailed({
      issues: [{ code: 'custom', path: Array(50_000).fill('member'), message: 'x'.repeat(10_000) }],
    }).errors
    expect([error?.field.length, error?.message.length]).toEqual([200, 300])
  })
})
