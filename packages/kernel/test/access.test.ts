import { describe, expect, it } from 'vitest'
import { actorIdOf, covers, hasScope, isStaff, requireScope, scopesOf } from '../src/access.ts'
import { ANONYMOUS, type Caller, ROLES, type Role } from '../src/caller.ts'
import { ROLE_SCOPES } from '../src/roles.ts'
import { ALL_SCOPES, isScope, SCOPES } from '../src/scopes.ts'

const user = (role: Role): Caller => ({ kind: 'user', userId: 'user_1', role })
const key: Caller = { kind: 'key', keyId: 'key_1', scopes: ['orders:read'] }
const STAFF_ROLES = ROLES.filter((role) => role !== 'customer')
const SIGN_IN = { ok: false, failure: { code: 'authentication_required' } }
const FORBIDDEN = { ok: false, failure: { code: 'forbidden' } }

describe('a scope', () => {
  it.each(Object.entries(SCOPES))('%s has a verb, and says in words what it allows: %s', (scope, words) => {
    expect(scope).toMatch(/^[a-z_]+:(?:read|write|cancel|erase|fulfill|return|refund|capture)$/)
    expect(words).toMatch(/^[A-Z].{10,}[^.]$/)
  })

  it.each(['', 'orders', 'orders:*', 'ORDERS:READ', 'constructor', '__proto__'])('is never %j', (text) => {
    expect(isScope(text)).toBe(false)
  })

  it.each(ALL_SCOPES.filter((scope) => scope.endsWith(':write')))(
    '%s comes with the right to read, in every role',
    (scope) => {
      const read = scope.replace(':write', ':read')
      for (const role of STAFF_ROLES) if (ROLE_SCOPES[role].has(scope)) expect([...ROLE_SCOPES[role]]).toContain(read)
    },
  )
})

describe('a role', () => {
  it('of a customer has no scope, and that of an administrator has all', () => {
    expect([...ROLE_SCOPES.customer]).toEqual([])
    expect([...ROLE_SCOPES.admin]).toEqual(ALL_SCOPES)
  })

  it.each(STAFF_ROLES.filter((role) => role !== 'admin'))('of %s may do something, and administers nothing', (role) => {
    expect(ROLE_SCOPES[role].size).toBeGreaterThan(3)
    for (const scope of ['staff:write', 'api_keys:write', 'audit:read', 'events:write'] as const) {
      expect(hasScope(user(role), scope)).toBe(false)
    }
  })

  it('of finance alone moves money back, beside the administrators', () => {
    expect(ROLES.filter((role) => hasScope(user(role), 'orders:refund'))).toEqual(['finance', 'admin'])
  })
})

describe('a caller', () => {
  it('is staff with any scope at all', () => {
    expect([ANONYMOUS, user('customer'), user('support'), key].map(isStaff)).toEqual([false, false, true, true])
  })

  it('has the scopes of the role, a key those it was given', () => {
    expect(scopesOf(user('finance'))).toBe(ROLE_SCOPES.finance)
    expect([...scopesOf(key)]).toEqual(['orders:read'])
    expect([...scopesOf(ANONYMOUS)]).toEqual([])
  })

  it('has to sign in before it is told that a scope is missing', () => {
    expect(requireScope(ANONYMOUS, 'orders:read')).toEqual(SIGN_IN)
    expect(requireScope(user('customer'), 'orders:read')).toEqual(FORBIDDEN)
    expect(requireScope(key, 'orders:write')).toMatchObject(FORBIDDEN)
    expect(requireScope(key, 'orders:read')).toEqual({ ok: true, value: key })
    expect(requireScope(user('admin'), 'orders:write')).toEqual({ ok: true, value: user('admin') })
  })

  it.each([user('support'), key])('%j that may have scopes is told which one is missing', (caller) => {
    const failure = { code: 'forbidden', requiredScope: 'taxes:write' }
    expect(requireScope(caller, 'taxes:write')).toEqual({ ok: false, failure })
  })

  it('is stored as the account or the key that acted', () => {
    expect([user('support'), key].flatMap((one) => (one.kind === 'anonymous' ? [] : [actorIdOf(one)]))).toEqual([
      'user_1',
      'key_1',
    ])
  })

  it('grants only what it has', () => {
    expect(covers(ROLE_SCOPES.admin, ROLE_SCOPES.finance)).toBe(true)
    expect(covers(ROLE_SCOPES.support, ROLE_SCOPES.finance)).toBe(false)
    expect(covers(ROLE_SCOPES.support, [])).toBe(true)
  })
})
