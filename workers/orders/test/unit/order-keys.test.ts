import { newId } from '@shop/http/ids'
import { currency } from '@shop/kernel/currencies'
import { sha256Hex } from '@shop/kernel/hash'
import { addSeconds } from '@shop/kernel/time'
import { describe, expect, it, vi } from 'vitest'
import type { Buyer } from '../../src/access/domain/buyer.ts'
import { claimKey, claimOf, dropClaim } from '../../src/orders/internal/idempotency.ts'
import { anOrderRequest } from '../support/purchases.ts'
import { NOW, testDeps } from '../support/test-deps.ts'

const UUID = '3f6c0d0e-5b7a-4a51-9d55-0c8e5a526f0c'
const items = [{ productId: 1, quantity: 2 }]
const userId = newId('user')
const customer: Buyer = { actor: { kind: 'customer', userId }, userId, email: null }
const guest: Buyer = { actor: { kind: 'guest' }, userId: null, email: 'Ada@Example.com' }
const deps = { newClaim: () => 'claim' }
const keyed = (idempotencyKey: string | undefined) =>
  anOrderRequest({ items, shippingAddress: '1 Main St', idempotencyKey })
const hashOf = (...parts: unknown[]) => sha256Hex(JSON.stringify(parts))

describe('the key of a new order', () => {
  it('stands for its items and its address, in the scope of the account', async () => {
    const requestHash = await hashOf(items, '1 Main St')
    expect(await claimOf(deps, customer, keyed('order-1'))).toEqual({
      ok: true,
      value: { scope: `${userId}:placeOrder`, key: 'order-1', requestHash, claim: 'claim' },
    })
  })

  it('stands for the e-mail address too, however it is spelled', async () => {
    const claimed = await claimOf(deps, { ...customer, email: 'Ada@Example.com' }, keyed('order-1'))
    expect(claimed).toMatchObject({ value: { requestHash: await hashOf(items, '1 Main St', 'ada@example.com') } })
  })

  it('stands for the currency only where one was asked for', async () => {
    const claimed = await claimOf(deps, customer, { ...keyed('order-1'), currency: currency('EUR') })
    expect(claimed).toMatchObject({ value: { requestHash: await hashOf(items, '1 Main St', { currency: 'EUR' }) } })
  })

  it.each([
    [{ codes: ['A'] }, { codes: ['A'] }],
    [{ shippingOptionId: 'shopt_1' }, { shippingOptionId: 'shopt_1' }],
    [{ expectedTotalAmount: 0 }, { expectedTotalAmount: 0 }],
    [
      { note: 'n', vatId: 'DE1' },
      { note: 'n', vatId: 'DE1' },
    ],
  ])('stands for what else was sent: %j', async (over, sent) => {
    const claimed = await claimOf(deps, customer, { ...keyed('order-1'), ...over })
    expect(claimed).toMatchObject({ value: { requestHash: await hashOf(items, '1 Main St', sent) } })
  })

  it('of a guest is stored only as the hash of address and key together', async () => {
    expect(await claimOf(deps, guest, keyed(UUID))).toEqual({
      ok: true,
      value: {
        scope: 'guest:placeOrder',
        key: await hashOf('ada@example.com', UUID),
        requestHash: await hashOf(items, '1 Main St', 'ada@example.com'),
        claim: 'claim',
      },
    })
  })

  it('may be missing, and of a guest must not be guessable', async () => {
    expect(await claimOf(deps, guest, keyed(undefined))).toEqual({ ok: true, value: undefined })
    expect(await claimOf(deps, guest, keyed('order-1'))).toEqual({
      ok: false,
      failure: { code: 'idempotency_key_too_weak' },
    })
  })
})

describe('claiming the key', () => {
  const claim = { scope: 'scope', key: 'key', requestHash: 'hash', claim: 'claim' }
  const query = { codes: [], now: NOW, customerKey: null, userId: null, country: null }
  const none = { counters: [], query }

  it('lets an attempt that does not end be taken over after a minute', async () => {
    const world = testDeps()
    const claimed = vi.spyOn(world.deps.keys, 'begin')
    expect(await claimKey(world.deps, claim, none)).toMatchObject({ ok: true })
    expect(claimed).toHaveBeenCalledExactlyOnceWith(claim, {
      now: NOW,
      claimedUntil: addSeconds(NOW, 60),
      ...none,
    })
  })

  it('that cannot be dropped is logged with the reason', async () => {
    const world = testDeps()
    const error = new Error('database')
    const warn = vi.fn()
    await dropClaim({ keys: { ...world.deps.keys, drop: () => Promise.reject(error) }, warn }, claim)
    expect(warn).toHaveBeenCalledExactlyOnceWith('claim_kept', { error })
  })

  it('is nothing to drop for a request without a key', async () => {
    const world = testDeps()
    await dropClaim(world.deps, undefined)
    expect(world.calls).toEqual([])
  })
})
