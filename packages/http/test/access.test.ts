import {
  type Access,
  ANYONE,
  anyoneAnd,
  ownerOr,
  PUBLIC,
  publicAnd,
  SIGNED_IN,
  scope,
  signedInOr,
} from '@shop/http/access'
import { createApp } from '@shop/http/app'
import { createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { openApiDocument } from '@shop/http/openapi-document'
import { ANONYMOUS, CALLER_HEADER, type Caller } from '@shop/kernel/caller'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'

const customer: Caller = { kind: 'user', userId: 'user_1', role: 'customer' }
const support: Caller = { kind: 'user', userId: 'user_2', role: 'support' }
const admin: Caller = { kind: 'user', userId: 'user_3', role: 'admin' }
const reader: Caller = { kind: 'key', keyId: 'key_1', scopes: ['orders:read'] }
const CALLERS = { anonymous: ANONYMOUS, customer, support, admin, reader }

const Body = z.strictObject({ name: z.string() }).meta({ id: 'TestAccessBody' })

/** One route with this access. Its body is always invalid, so `validation_failed` shows that access was granted. */
function appWith(access: Access) {
  const app = createApp<object, object>({ deps: () => ({}) })
  const responses = { 200: json('Done', z.any()), ...problems() }
  const route = createRoute({ method: 'post', path: '/things', access, request: { body: jsonBody(Body) }, responses })
  app.openapi(route, (c) => c.json({}, 200))
  return app
}

async function answersOf(access: Access, headers: Record<string, string> = {}) {
  const app = appWith(access)
  const answers = Object.entries(CALLERS).map(async ([name, caller]) => {
    const init = { method: 'POST', headers: { ...headers, [CALLER_HEADER]: JSON.stringify(caller) } }
    const { code } = (await (await app.request('http://worker/things', init)).json()) as { code: string }
    return [name, code === 'validation_failed' ? 'passes' : code]
  })
  return Object.fromEntries(await Promise.all(answers))
}

const ALL_PASS = Object.fromEntries(Object.keys(CALLERS).map((name) => [name, 'passes']))
const UNSIGNED = 'authentication_required'

describe('access is checked before the body is read:', () => {
  it.each([
    ['public', PUBLIC],
    ['public, with more for staff', publicAnd('products:read')],
    ['anyone', ANYONE],
    ['anyone, with more for staff', anyoneAnd('inventory:read')],
  ])('%s lets everybody pass', async (_, access) => {
    expect(await answersOf(access)).toEqual(ALL_PASS)
  })

  it('signed in lets accounts pass, but no key', async () => {
    expect(await answersOf(SIGNED_IN)).toEqual({ ...ALL_PASS, anonymous: UNSIGNED, reader: 'forbidden' })
  })

  it('signed in, or a scope, lets keys with the scope pass', async () => {
    expect(await answersOf(signedInOr('orders:read'))).toEqual({ ...ALL_PASS, anonymous: UNSIGNED })
    expect(await answersOf(signedInOr('orders:write'))).toMatchObject({ reader: 'forbidden' })
  })

  it('a scope lets only those pass who have it', async () => {
    const refused = { anonymous: UNSIGNED, customer: 'forbidden' }
    expect(await answersOf(scope('orders:read'))).toEqual({ ...ALL_PASS, ...refused })
    const others = { support: 'forbidden', reader: 'forbidden' }
    expect(await answersOf(scope('orders:refund'))).toEqual({ ...ALL_PASS, ...refused, ...others })
  })

  it('a scope can be refused in another way to those who have signed in', async () => {
    const hidden = scope('orders:refund', async (c) => c.json({ code: 'payment_not_found' }, 404))
    expect(await answersOf(hidden)).toEqual({
      anonymous: UNSIGNED,
      customer: 'payment_not_found',
      support: 'payment_not_found',
      admin: 'passes',
      reader: 'payment_not_found',
    })
  })

  it.each([
    ['order_token', 'x-order-token', UNSIGNED],
    ['cart_token', 'x-cart-token', 'cart_not_found'],
  ] as const)('an owner by %s needs some credential', async (token, header, refusal) => {
    const access = ownerOr(['orders:read'], token)
    expect(await answersOf(access)).toEqual({ ...ALL_PASS, anonymous: refusal })
    expect(await answersOf(access, { [header]: 'any' })).toEqual(ALL_PASS)
  })
})

describe('a scope that is missing', () => {
  const refusalOf = async (access: Access, caller: Caller) => {
    const headers = { [CALLER_HEADER]: JSON.stringify(caller) }
    const response = await appWith(access).request('http://worker/things', { method: 'POST', headers })
    return { ...((await response.json()) as object), challenge: response.headers.get('www-authenticate') }
  }

  it.each([
    ['staff', scope('orders:refund'), support],
    ['a key', scope('orders:refund'), reader],
    ['a key, where accounts pass', signedInOr('orders:refund'), reader],
  ] as const)('is named to %s (RFC 6750, section 3.1)', async (_, access, caller) => {
    expect(await refusalOf(access, caller)).toMatchObject({
      ...{ code: 'forbidden', required_scope: 'orders:refund' },
      challenge: 'Bearer error="insufficient_scope", scope="orders:refund"',
    })
  })

  it('is not named to customers, who cannot have it, nor where no scope helps', async () => {
    for (const refused of [await refusalOf(scope('orders:refund'), customer), await refusalOf(SIGNED_IN, reader)]) {
      expect(refused).toMatchObject({ code: 'forbidden', challenge: null })
      expect(refused).not.toHaveProperty('required_scope')
    }
  })
})

describe('the description of an operation', () => {
  const described = (access: Access) => {
    const document = JSON.parse(JSON.stringify(openApiDocument(appWith(access))))
    const { security, description, responses, ...operation } = document.paths['/things'].post
    return {
      security,
      description,
      access: operation['x-access'],
      401: responses['401'].description,
      403: responses['403']?.description,
    }
  }
  const signIn = '`authentication_required`: Sign in first'
  const noFactor = '`factor_required`: Staff of this shop need a second factor: add one first'
  const badToken = '`invalid_token`: The access token is not valid'
  const forbidden = `${noFactor}; \`forbidden\`: Not allowed`

  it.each<[string, Access, object]>([
    ['public', PUBLIC, { security: [], access: { kind: 'public' }, 401: badToken }],
    [
      'public with more',
      publicAnd('products:read'),
      {
        security: [],
        access: { kind: 'public', more: 'products:read' },
        description: 'Shows more with the scope `products:read`.',
        401: badToken,
      },
    ],
    ['anyone', ANYONE, { security: [{ bearer: [] }, {}], access: { kind: 'anyone' }, 401: badToken }],
    [
      'signed in',
      SIGNED_IN,
      {
        security: [{ bearer: [] }],
        access: { kind: 'signed_in' },
        401: `${badToken}; ${signIn}`,
        403: forbidden,
      },
    ],
    [
      'a scope',
      scope('orders:write'),
      {
        security: [{ bearer: ['orders:write'] }],
        access: { kind: 'scope', scopes: ['orders:write'] },
        description: 'Needs the scope `orders:write`.',
        401: `${badToken}; ${signIn}`,
        403: forbidden,
      },
    ],
    [
      'the owner',
      ownerOr(['orders:fulfill', 'orders:cancel'], 'order_token'),
      {
        security: [{ bearer: [] }, { order_token: [] }],
        access: { kind: 'owner', scopes: ['orders:fulfill', 'orders:cancel'] },
        description: 'What belongs to others needs the scope `orders:fulfill` or `orders:cancel`.',
        401: `${badToken}; ${signIn}`,
      },
    ],
  ])('says of %s who may call it, and how others are refused', (_, access, expected) => {
    expect(described(access)).toEqual({ description: undefined, 403: noFactor, ...expected })
  })

  it('cannot leave out who may call it', () => {
    const responses = { 200: json('Done', z.any()), ...problems() }
    // @ts-expect-error access is missing
    const declare = () => createRoute({ method: 'get', path: '/open', responses })
    expect(declare).toThrow()
  })
})
