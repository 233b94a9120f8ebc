import { describe, expect, it } from 'vitest'
import { ADDRESS_HEADER, ANONYMOUS, CALLER_HEADER, type Caller, requireUser } from '../src/caller.ts'
import { parseCaller } from '../src/caller-header.ts'

const customer: Caller = { kind: 'user', userId: 'user_1', role: 'customer' }
const admin: Caller = { kind: 'user', userId: 'user_2', role: 'admin' }
const key: Caller = { kind: 'key', keyId: 'key_1', scopes: ['orders:read'] }
const SIGN_IN = { ok: false, failure: { code: 'authentication_required' } }

describe('a caller', () => {
  it('has to be signed in where an account is required, which a key never is', () => {
    expect(requireUser(ANONYMOUS)).toEqual(SIGN_IN)
    expect(requireUser(key)).toEqual(SIGN_IN)
    expect(requireUser(customer)).toEqual({ ok: true, value: customer })
    expect(requireUser(admin)).toEqual({ ok: true, value: admin })
  })
})

describe('the header that names the caller', () => {
  it.each([ANONYMOUS, customer, admin, key])('carries %j', (caller) => {
    expect(parseCaller(JSON.stringify(caller))).toEqual(caller)
  })

  it.each([undefined, null, ''])('missing (%j) means an anonymous caller', (header) => {
    expect(parseCaller(header)).toEqual({ kind: 'anonymous' })
  })

  it.each([
    'admin',
    '{}',
    '{"kind":""}',
    '{"kind":"staff"}',
    '{"kind":"user"}',
    '{"kind":"user","userId":"user_1"}',
    '{"kind":"user","userId":"user_1","role":"owner"}',
    '{"kind":"user","userId":"order_1","role":"customer"}',
    '{"kind":"user","userId":"my_user_","role":"customer"}',
    '{"kind":"user","userId":1,"role":"customer"}',
    '{"kind":"user","userId":["user_1"],"role":"admin"}',
    '{"kind":"key","keyId":"key_1"}',
    '{"kind":"key","keyId":"user_1","scopes":[]}',
    '{"kind":"key","keyId":"key_1","scopes":["everything"]}',
  ])('%s is a bug, and throws', (header) => {
    expect(() => parseCaller(header)).toThrow()
  })

  it('passes nothing on that it does not know', () => {
    expect(parseCaller('{"kind":"anonymous","role":"admin"}')).toEqual({ kind: 'anonymous' })
  })

  // A public name: the gateway strips both from what clients send.
  it('and that of the address are the shop’s own', () => {
    expect([CALLER_HEADER, ADDRESS_HEADER]).toEqual(['x-shop-caller', 'x-shop-address'])
  })
})
