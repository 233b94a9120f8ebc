import { newId } from '@shop/http/ids'
import { ANONYMOUS } from '@shop/kernel/caller'
import { sha256Hex } from '@shop/kernel/hash'
import { describe, expect, it, vi } from 'vitest'
import { areOrderTokens } from '../../src/access/are-order-tokens.ts'
import { buyerOf, isUnguessable } from '../../src/access/domain/buyer.ts'
import { guestTokens } from '../../src/access/guest-tokens.ts'

const SECRET = 'a secret of at least thirty-two characters'
const OTHER = 'another secret of at least thirty-two characters'

describe('a buyer', () => {
  it('is an account, or a guest with an e-mail address', () => {
    const user = { kind: 'user', userId: newId('user'), role: 'customer' } as const
    expect(buyerOf(user, null)).toMatchObject({
      value: { userId: user.userId, email: null, actor: { kind: 'customer' } },
    })
    expect(buyerOf(user, 'a@b.example')).toMatchObject({ value: { userId: user.userId, email: 'a@b.example' } })
    expect(buyerOf(ANONYMOUS, 'a@b.example')).toMatchObject({ value: { userId: null, actor: { kind: 'guest' } } })
    expect(buyerOf(ANONYMOUS, null)).toEqual({ ok: false, failure: { code: 'authentication_required' } })
  })
})

describe('the idempotency key of a guest', () => {
  it.each([
    '3f6c0d0e-5b7a-4a51-9d55-0c8e5a526f0c',
    '3F6C0D0E-5B7A-4A51-9D55-0C8E5A526F0C',
    '"3f6c0d0e-5b7a-4a51-9d55-0c8e5a526f0c"',
    '0123456789abcdef0123456789abcdef',
    '0123456789ABCDEF0123456789ABCDEF',
    'q83vEjRWeJC8_kQ0-d7eLg',
    'a83vEjRWeJC8_kQ0-d7eLg',
    'q83vEjRWeJC8_kQ0-d7eLa',
  ])('%s is unguessable', (key) => expect(isUnguessable(key)).toBe(true))

  it.each([
    'order-1',
    '42',
    '0123456789abcdef0123456789abcde',
    'q83vEjRWeJC8_kQ0-d7eL',
    'mine!mine!mine!mine!mine!',
    'q83vEjRWeJC8_kQ0-d7eLg!',
    '!q83vEjRWeJC8_kQ0-d7eLg',
    // Quotes count only around all of it.
    'my"q83vEjRWeJC8_kQ0-d7eLg"',
    '"q83vEjRWeJC8_kQ0-d7eLg"my',
    '',
  ])('%j is guessable', (key) => expect(isUnguessable(key)).toBe(false))
})

describe('the hash of an order token', () => {
  it('is known for its order, also by the previous secret during rotation, and not after that', async () => {
    const [id, other] = [newId('order'), newId('order')]
    const tokenHash = await sha256Hex(await guestTokens('order', [SECRET]).of(id))
    const asked = [
      { orderId: id, tokenHash },
      { orderId: other, tokenHash },
    ]
    const known = (...secrets: [string, ...string[]]) =>
      areOrderTokens({ tokens: guestTokens('order', secrets) }, asked)
    expect(await known(SECRET)).toEqual({ ok: true, value: [true, false] })
    expect(await known(OTHER, SECRET)).toEqual({ ok: true, value: [true, false] })
    expect(await known(OTHER)).toEqual({ ok: true, value: [false, false] })
  })
})

describe('the token of an order', () => {
  it('is the same each time, and opens only its order', async () => {
    const tokens = guestTokens('order', [SECRET])
    const [mine, other] = [newId('order'), newId('order')]
    const token = await tokens.of(mine)
    expect(token).toMatch(/^v1\.[A-Za-z0-9_-]{43}$/)
    expect(await tokens.of(mine)).toBe(token)
    expect(await tokens.isOf(mine, token)).toBe(true)
    expect(await tokens.isOf(other, token)).toBe(false)
  })

  it('is accepted by the previous secret during rotation, and by no other', async () => {
    const id = newId('order')
    const token = await guestTokens('order', [SECRET]).of(id)
    expect(await guestTokens('order', [OTHER]).isOf(id, token)).toBe(false)
    expect(await guestTokens('order', [OTHER, SECRET]).isOf(id, token)).toBe(true)
    expect(await guestTokens('order', [OTHER, SECRET]).of(id)).toBe(await guestTokens('order', [OTHER]).of(id))
  })

  it.each([
    '',
    'v1',
    'v1.',
    'v1.%%%',
    'v2.SIGNATURE',
    'SIGNATURE',
    'v1.SIGNATURE.more',
    'v1.SIGNATUREx',
    'V1.SIGNATURE',
  ])('is refused as %j', async (pattern) => {
    const tokens = guestTokens('order', [SECRET])
    const id = newId('order')
    const [, signature = ''] = (await tokens.of(id)).split('.')
    expect(await tokens.isOf(id, pattern.replace('SIGNATURE', signature))).toBe(false)
  })
})

describe('a token', () => {
  it('has nothing before its version or after its signature', async () => {
    const tokens = guestTokens('order', [SECRET])
    const id = newId('order')
    const token = await tokens.of(id)
    const others = [`x${token}`, `${token}x`, `v1.${token}`, token.replace('v1.', 'v2.')]
    expect(await Promise.all(others.map((other) => tokens.isOf(id, other)))).toEqual([false, false, false, false])
  })

  it('is made with a key that cannot be read out of the worker again', async () => {
    const importKey = vi.spyOn(crypto.subtle, 'importKey')
    await guestTokens('order', [SECRET]).of(newId('order'))
    expect(importKey.mock.calls.map(([, , , isExtractable]) => isExtractable)).toEqual([false])
    importKey.mockRestore()
  })
})
