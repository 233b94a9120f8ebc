import { describe, expect, it } from 'vitest'
import type { RawRequest } from './draft.ts'
import { exchangeOf } from './exchange.ts'
import { Owners } from './owners.ts'
import { type Surroundings, violationsOf } from './rules.ts'
import { resolved } from './schema.ts'
import { Slowness } from './slowness.ts'

/** An order of the examples in openapi.json, so that it stays what is described. */
const ORDER = Object.fromEntries(
  Object.entries(resolved({ $ref: '#/components/schemas/Order' }).properties ?? {}).map(([name, { example, type }]) => [
    name,
    example ?? (type === 'array' ? [] : null),
  ]),
)
const OWNER = { token: 'a', account: 'user_a', isStaff: false }
const STRANGER = { token: 'b', account: 'user_b', isStaff: false }
const PRIVATE = { 'content-type': 'application/json', 'cache-control': 'no-store' }

const surroundings = (): Surroundings => ({
  ...{ owners: new Owners(), slowness: new Slowness() },
  ...{ secrets: ['s3cret'], isDisturbed: false },
})

type Sent = {
  by?: typeof OWNER
  method?: string
  target?: string
  headers?: Record<string, string>
  sentBody?: string
  status?: number
  answered?: Record<string, string>
  body?: unknown
}

function judge(sent: Sent, given = surroundings()): string[] {
  const { by = OWNER, method = 'GET', target = `/api/orders/${ORDER.id}`, headers, sentBody } = sent
  const { status = 200, answered = PRIVATE, body = { order: ORDER } } = sent
  const request: RawRequest = {
    method,
    target,
    headers: { authorization: `Bearer ${by.token}`, ...headers },
    body: sentBody === undefined ? undefined : Buffer.from(sentBody),
  }
  const answer = { status, headers: answered, text: JSON.stringify(body), ms: 1 }
  return violationsOf(exchangeOf(request, answer, by), given)
}

const problem = (status: number, code: string, over: object = {}): Sent => ({
  status,
  answered: { ...PRIVATE, 'content-type': 'application/problem+json', 'x-request-id': 'r' },
  body: { type: 'urn:shop:problem:x', title: 'x', status, code, request_id: 'r', ...over },
})

describe('the rules of the fuzzer', () => {
  it('accept an answer to its owner, and a refusal to a stranger', () => {
    const given = surroundings()
    expect(judge({}, given)).toEqual([])
    expect(judge({ by: STRANGER, ...problem(404, 'order_not_found') }, given)).toEqual([])
  })

  it.each<[string, Sent, RegExp]>([
    ['an error of the server', problem(500, 'internal_error'), /a server error: 500/],
    ['a 503 without a fault', problem(503, 'service_unavailable'), /a server error: 503/],
    ['no answer', { status: 0, answered: {}, body: 'socket hang up' }, /no answer/],
    ['a status that is not declared', problem(418, 'teapot'), /does not declare/],
    ['a code that is not declared', problem(404, 'user_not_found'), /an undeclared code: user_not_found/],
    ['another body than described', { body: { order: { ...ORDER, total_amount: '1' } } }, /must be number/],
    ['an error that is no problem document', { ...problem(404, 'order_not_found'), answered: PRIVATE }, /an error as/],
    ['a problem of another request', problem(404, 'order_not_found', { request_id: 'x' }), /of the request x/],
    ['a secret', { body: { order: { ...ORDER, shipping_address: 's3cret' } } }, /a secret/],
    ['SQL in an error', problem(422, 'validation_failed', { detail: 'select a from b' }), /insides/],
    ['a private answer that caches keep', { answered: { 'content-type': 'application/json' } }, /may be stored/],
    ['a private answer to a forged token', { headers: { authorization: 'Bearer x' } }, /without an access token/],
    [
      'a forbidden body that is accepted',
      { method: 'PATCH', target: `/api/orders/${ORDER.id}/status`, sentBody: '{"status":"gone"}' },
      /a body that is not allowed/,
    ],
  ])('find %s', (_, sent, violation) => {
    expect(judge(sent).join('\n')).toMatch(violation)
  })

  it('find what is shown to a stranger, and what a stranger is told of it', () => {
    const given = surroundings()
    judge({}, given)
    const list = { orders: [ORDER], next_cursor: null }
    expect(judge({ by: STRANGER, target: '/api/orders', body: list }, given)).toEqual([
      `shows what belongs to another: order_id ${ORDER.id}`,
      `shows what belongs to another: cart_id ${ORDER.cart_id}`,
    ])
    const told = judge({ by: STRANGER, ...problem(403, 'forbidden'), target: `/api/payments/order/${ORDER.id}` }, given)
    expect(told).toEqual([`403 about what belongs to another: ${ORDER.id}`])
    const forStaff = { method: 'PATCH', target: `/api/orders/${ORDER.id}`, sentBody: '{}' }
    expect(judge({ by: STRANGER, ...problem(403, 'forbidden'), ...forStaff }, given)).toEqual([])
    expect(judge({ by: STRANGER, ...problem(409, 'order_cancelled'), ...forStaff }, given)).not.toEqual([])
  })

  it('let a guest ask for the item of another cart below their own, whose version they may know', () => {
    const given = surroundings()
    const [own, other] = ['cart_1', 'cart_2'].map((id) => ({ id, item: id.replace('cart', 'item') }))
    given.owners.learn({ cart_id: own?.id ?? '' }, new Set([OWNER.account]))
    given.owners.learn({ cart_id: other?.id ?? '', item_id: other?.item ?? '' }, new Set([STRANGER.account]))
    const asked = { method: 'PATCH', sentBody: '{"quantity":1}', ...problem(412, 'version_conflict') }
    expect(judge({ ...asked, target: `/api/carts/${own?.id}/items/${other?.item}` }, given)).toEqual([])
    expect(judge({ ...asked, target: `/api/carts/${other?.id}/items/${other?.item}` }, given)).not.toEqual([])
  })

  it('let an account read what it was shown for the token of a guest', () => {
    const owners = new Owners()
    owners.learn({ cart_id: 'cart_1' }, new Set(['token']))
    owners.learn({ cart_id: 'cart_1' }, new Set(['stranger']))
    owners.learn({ cart_id: 'cart_1' }, new Set(['token', 'account']))
    expect(['account', 'stranger'].map((viewer) => owners.mayRead('cart_1', new Set([viewer])))).toEqual([true, false])
  })

  it('let staff read what belongs to customers', () => {
    const given = surroundings()
    judge({}, given)
    expect(judge({ by: { ...STRANGER, isStaff: true } }, given)).toEqual([])
  })
})
