import { hasScope } from '@shop/kernel/access'
import { type Caller, ROLES, type Role } from '@shop/kernel/caller'
import { isScope, KEY_SCOPES, type Scope } from '@shop/kernel/scopes'
import { type DescribedOperation, describedOperations } from '@shop/testing/api-contract'
import type { Reply } from '@shop/testing/client'
import type { Account } from '@shop/testing/shop'
import { beforeAll, describe, expect, it } from 'vitest'
import { resigned } from './support/forgeries.ts'
import { newOwned, type Owned } from './support/owned.ts'
import { useSharedPlatform } from './support/use-platform.ts'

/**
 * Every operation of openapi.json for every kind of caller, by what the operation declares of its access: a new one is covered
 * by itself. Callers who are refused need no valid request, since access is checked first.
 */
const stage = useSharedPlatform()
const operations = describedOperations()
const STAFF_ROLES = ROLES.filter((role) => role !== 'customer')

let stranger: Account
const tokens = new Map<Role, string>()
/** A secret key with each scope alone. */
const keys = new Map<Scope, string>()
let storefront: string
const newKey = async (body: object) =>
  (await stage.shop.request('POST', '/api/api-keys', { token: stage.admin.token, body })).body.key

beforeAll(async () => {
  storefront = await newKey({ kind: 'publishable', name: 'Storefront' })
  for (const scope of KEY_SCOPES) keys.set(scope, await newKey({ kind: 'secret', name: scope, scopes: [scope] }))
  stranger = await stage.shop.signUp()
  for (const role of STAFF_ROLES) tokens.set(role, await newTokenOf(role))
})

async function newTokenOf(role: Role): Promise<string> {
  const { token } = await stage.shop.signUp()
  return resigned(stage.platform.signingKeys, token, {}, { role })
}

/** They end what the caller is signed in with, so each is called by accounts of its own. */
const SIGN_OUT = ['logoutAll', 'eraseAccount']

const scopesOf = ({ access }: DescribedOperation): Scope[] => (access?.scopes ?? []).filter(isScope)
const mayByScope = (operation: DescribedOperation, role: Role) => {
  const caller: Caller = { kind: 'user', userId: 'user_x', role }
  return scopesOf(operation).some((scope) => hasScope(caller, scope))
}

/** Of operations that check the body before they look for what the path names, or whom the caller acts for. */
const BODIES: Record<string, object> = {
  addCartItem: { product_id: 1, quantity: 1 },
  updateCartItem: { quantity: 1 },
  requestVerification: { email: 'nobody@example.com' },
}

/** Calls an operation with an empty body or one of those, on something that does not exist or on `owned`. */
function call(
  { operationId, method, path }: DescribedOperation,
  token: string | undefined,
  named: string,
  headers = {},
) {
  const filled = path
    .replace('{service}', 'users')
    .replace(/\{(id|order_id)\}/, named)
    .replace(/\{country\}/, 'AQ')
    .replace(/\{\w+\}/g, '9007199254740991')
  const body = path === '/api/payments' ? { order_id: named } : BODIES[operationId]
  const hasBody = method !== 'GET' && method !== 'DELETE'
  return stage.shop.request(method, filled, { token, headers, ...(hasBody ? { body: body ?? {} } : {}) })
}

/** What a caller can tell two answers apart by: all but what differs in every answer. */
function visible({ status, body, headers }: Reply, named: string) {
  const shown = Object.fromEntries(
    [...headers].filter(([name]) => !['date', 'x-request-id', 'server-timing', 'traceparent', 'etag'].includes(name)),
  )
  const text = JSON.stringify({ ...body, request_id: '' }).replaceAll(named, '{id}')
  return { status, headers: { ...shown, 'content-length': '' }, text }
}

const refusals = [401, 403]
const byKind = (...kinds: string[]) => operations.filter(({ access }) => kinds.includes(access?.kind ?? ''))
const NUMBER = '9007199254740991'

describe('an operation that declares', () => {
  it('its access is every operation of the API', () => {
    expect(operations.filter(({ access }) => access === undefined)).toEqual([])
    expect(byKind('public', 'anyone', 'signed_in', 'owner', 'scope')).toHaveLength(operations.length)
  })

  describe('a scope', () => {
    it.each(byKind('scope'))('$operationId asks an anonymous caller to sign in', async (operation) => {
      const reply = await call(operation, undefined, NUMBER)
      expect([reply.status, reply.body.code]).toEqual([401, 'authentication_required'])
      expect(reply.headers.get('www-authenticate')).toBe('Bearer')
      const guest = { 'x-order-token': 'v1.any', 'x-cart-token': 'v1.any' }
      expect((await call(operation, undefined, NUMBER, guest)).status).toBe(401)
    })

    it.each(byKind('scope'))('$operationId refuses customers', async (operation) => {
      const expected = operation.access?.hidden ? 404 : 403
      for (const { token } of [stage.customer, stranger]) {
        expect((await call(operation, token, NUMBER)).status).toBe(expected)
      }
    })

    const cases = byKind('scope').flatMap((operation) => STAFF_ROLES.map((role) => ({ ...operation, role })))
    it.each(cases)('$operationId for $role', async ({ role, ...operation }) => {
      const { status, body, headers } = await call(operation, tokens.get(role), NUMBER)
      if (mayByScope(operation, role)) return expect([refusals.includes(status), status < 500]).toEqual([false, true])
      if (operation.access?.hidden) return expect(status).toBe(404)
      const [missing] = scopesOf(operation)
      expect([status, body.code, body.required_scope]).toEqual([403, 'forbidden', missing])
      expect(headers.get('www-authenticate')).toBe(`Bearer error="insufficient_scope", scope="${missing}"`)
    })
  })

  describe('a scope, or a sign-in,', () => {
    const isOfKeys = (operation: DescribedOperation) => scopesOf(operation).some((scope) => KEY_SCOPES.includes(scope))
    const refusedAs = ({ access }: DescribedOperation) => (access?.hidden ? 404 : 403)

    it.each(byKind('scope', 'signed_in'))('$operationId refuses a key without its scope', async (operation) => {
      const without = KEY_SCOPES.find((scope) => !scopesOf(operation).includes(scope)) as Scope
      expect((await call(operation, keys.get(without), NUMBER)).status).toBe(refusedAs(operation))
    })

    it.each(byKind('scope', 'signed_in').filter(isOfKeys))(
      '$operationId lets a key with its scope pass',
      async (operation) => {
        for (const scope of scopesOf(operation)) {
          const { status } = await call(operation, keys.get(scope), NUMBER)
          expect([refusals.includes(status), status < 500]).toEqual([false, true])
        }
      },
    )

    it.each(byKind('scope', 'signed_in'))('$operationId asks a storefront to sign in', async (operation) => {
      const { status, body } = await call(operation, storefront, NUMBER)
      expect([status, body.code]).toEqual([401, 'authentication_required'])
    })
  })

  describe('a sign-in', () => {
    it.each(byKind('signed_in'))(
      '$operationId is for accounts of every role, and for nobody else',
      async (operation) => {
        expect((await call(operation, undefined, NUMBER)).status).toBe(401)
        const callers = SIGN_OUT.includes(operation.operationId)
          ? await Promise.all(ROLES.map(newTokenOf))
          : [stage.customer.token, stranger.token, ...tokens.values()]
        for (const token of callers) {
          const { status } = await call(operation, token, NUMBER)
          expect([refusals.includes(status), status < 500]).toEqual([false, true])
        }
      },
    )
  })

  describe('everybody', () => {
    it.each(byKind('public', 'anyone'))('$operationId asks nobody to sign in', async (operation) => {
      const some = keys.get('orders:read')
      for (const token of [undefined, storefront, some, stage.customer.token, ...tokens.values()]) {
        const { status, body } = await call(operation, token, NUMBER)
        expect(status).not.toBe(403)
        // Signing in with wrong credentials is 401 too, of another code.
        expect(body.code).not.toBe('authentication_required')
        expect(status).toBeLessThan(500)
      }
    })
  })

  const owned = [...byKind('owner'), ...byKind('scope').filter(({ access }) => access?.hidden)]
  describe('an owner', () => {
    it.each(owned)('$operationId answers strangers as if it did not exist', async (operation) => {
      const theirs = await newOwned(stage, operation.path, stage.customer)
      const strangers = [
        stranger.token,
        ...STAFF_ROLES.filter((role) => !sees(operation, role)).map((role) => tokens.get(role)),
      ]
      const scopes: Scope[] = [...scopesOf(operation), ...readable(operation)]
      const without = keys.get(KEY_SCOPES.find((scope) => !scopes.includes(scope)) as Scope)
      for (const token of [undefined, storefront, without, ...strangers]) await expectMissing(operation, token, theirs)
    })

    it.each(byKind('owner'))('$operationId lets the owner and staff with the scope pass', async (operation) => {
      const roles = STAFF_ROLES.filter((role) => mayByScope(operation, role)).map((role) => tokens.get(role))
      const withScope = scopesOf(operation).map((scope) => keys.get(scope))
      let theirs: Owned | undefined
      for (const token of [...roles, ...withScope, stage.customer.token]) {
        theirs ??= await newOwned(stage, operation.path, stage.customer)
        const { status } = await expectFound(operation, token, theirs)
        // A read changes nothing, and neither does a refusal of the empty body.
        if (operation.method !== 'GET' && status < 400) theirs = undefined
      }
    })

    it.each(byKind('owner').filter(({ tokens }) => tokens.length > 0))(
      '$operationId lets a guest pass with the token of theirs alone',
      async (operation) => {
        const [mine, others] = [
          await newOwned(stage, operation.path, undefined),
          await newOwned(stage, operation.path, undefined),
        ]
        const header = `x-${operation.tokens[0]?.replace('_', '-')}`
        await expectMissing(operation, undefined, mine, { [header]: others.guestToken ?? '' })
        await expectMissing(operation, stranger.token, mine)
        await expectFound(operation, undefined, mine, { [header]: mine.guestToken ?? '' })
      },
    )
  })
})

/** By what an operation's subject can be seen, although the operation needs another scope. */
function readable({ path }: DescribedOperation): Scope[] {
  if (path.startsWith('/api/payments/')) return ['payments:read']
  if (path.startsWith('/api/carts/')) return ['carts:read']
  if (path.startsWith('/api/returns/')) return ['orders:read']
  return path.endsWith('/status') ? ['orders:read'] : []
}

/** Whether staff of that role may see what the operation is about, by any scope that reads it. */
function sees(operation: DescribedOperation, role: Role): boolean {
  const caller: Caller = { kind: 'user', userId: 'user_x', role }
  return mayByScope(operation, role) || readable(operation).some((scope) => hasScope(caller, scope))
}

async function expectMissing(operation: DescribedOperation, token: string | undefined, theirs: Owned, headers = {}) {
  const [other, missing] = [
    await call(operation, token, theirs.id, headers),
    await call(operation, token, theirs.missing, headers),
  ]
  // A request that is wrong in itself says nothing of what it names.
  if (other.body.code !== 'validation_failed') expect([401, 404]).toContain(other.status)
  expect(visible(other, theirs.id)).toEqual(visible(missing, theirs.missing))
}

async function expectFound(operation: DescribedOperation, token: string | undefined, theirs: Owned, headers = {}) {
  const [found, missing] = [
    await call(operation, token, theirs.id, headers),
    await call(operation, token, theirs.missing, headers),
  ]
  expect(refusals).not.toContain(found.status)
  expect(found.status).toBeLessThan(500)
  // A refusal of the empty body comes before what the path names is read.
  if (found.body.code !== 'validation_failed')
    expect(visible(found, theirs.id)).not.toEqual(visible(missing, theirs.missing))
  return found
}
