import { describe, expect, it, vi } from 'vitest'
import { chooseCardOwner } from '../../src/saved-methods/choose-card-owner.ts'
import { CUSTOMER, now, STAFF } from '../support/builders.ts'
import { aWorld } from '../support/world.ts'

const ANONYMOUS = { kind: 'anonymous' } as const
const STRANGER = { kind: 'user', userId: 'user_2', role: 'customer' } as const
const NOBODY = { ok: true, value: { userId: null, saves: false } }
const INVALID = { ok: false, failure: { code: 'invalid_payment_method' } }
const UNAVAILABLE = { ok: false, failure: { code: 'payment_provider_unavailable' } }

const OF_CUSTOMER = { userId: 'user_1' } as const
const OF_GUEST = { userId: null }

/** A world in which another customer has saved `pm_saved`. */
function withSaved() {
  const world = aWorld()
  world.stripe.savedBy.set('pm_saved', 'cus_1')
  return world
}

describe('the owner of an order', () => {
  it.each(['pm_saved', 'pm_fresh', undefined])('may pay with their own saved cards: %s', async (method) => {
    const world = withSaved()
    expect(await chooseCardOwner(world.deps, OF_CUSTOMER, { caller: CUSTOMER, method })).toEqual({
      ok: true,
      value: { userId: 'user_1', saves: false },
    })
    expect(world.stripe.calls).toEqual([])
  })

  it('becomes a customer at Stripe to save a card, and is one for the next', async () => {
    const world = withSaved()
    const save = vi.spyOn(world.deps.customers, 'save')
    const payer = { caller: CUSTOMER, method: 'pm_fresh', savePaymentMethod: true }
    const saving = { ok: true, value: { userId: 'user_1', saves: true } }
    expect(await chooseCardOwner(world.deps, OF_CUSTOMER, payer)).toEqual(saving)
    expect(await chooseCardOwner(world.deps, OF_CUSTOMER, payer)).toEqual(saving)
    expect(world.stripe.calls).toEqual(['createCustomer customer:user_1'])
    expect(save.mock.calls).toEqual([[{ userId: 'user_1', stripeCustomerId: 'cus_new', createdAt: now }]])
  })

  it('cannot save a card while Stripe does not answer, and no customer is recorded', async () => {
    const world = withSaved()
    world.stripe.isDown = true
    const payer = { caller: CUSTOMER, method: 'pm_fresh', savePaymentMethod: true }
    expect(await chooseCardOwner(world.deps, OF_CUSTOMER, payer)).toEqual(UNAVAILABLE)
    expect(world.customers.size).toBe(0)
  })
})

describe('anybody else', () => {
  const others = [STAFF, STRANGER, ANONYMOUS]

  it.each(others)('%j may not pay with a card that a customer has saved', async (caller) => {
    const world = withSaved()
    expect(await chooseCardOwner(world.deps, OF_CUSTOMER, { caller, method: 'pm_saved' })).toEqual(INVALID)
    expect(world.stripe.calls).toEqual(['ownerOf pm_saved'])
  })

  it.each(others)('%j may pay with a card that nobody has saved', async (caller) => {
    expect(await chooseCardOwner(withSaved().deps, OF_CUSTOMER, { caller, method: 'pm_fresh' })).toEqual(NOBODY)
  })

  it.each(others)('%j pays nothing while Stripe does not say whose the card is', async (caller) => {
    const world = withSaved()
    world.stripe.isDown = true
    expect(await chooseCardOwner(world.deps, OF_CUSTOMER, { caller, method: 'pm_fresh' })).toEqual(UNAVAILABLE)
  })

  it.each(others)('%j names no card to look up when the client confirms with Stripe', async (caller) => {
    const world = withSaved()
    expect(await chooseCardOwner(world.deps, OF_CUSTOMER, { caller, method: undefined })).toEqual(NOBODY)
    expect(world.stripe.calls).toEqual([])
  })

  it.each([
    [STAFF, 'forbidden'],
    [STRANGER, 'forbidden'],
    [ANONYMOUS, 'authentication_required'],
  ])('%j may not save a card: %s', async (caller, code) => {
    const world = withSaved()
    const payer = { caller, method: 'pm_fresh', savePaymentMethod: true }
    expect(await chooseCardOwner(world.deps, OF_CUSTOMER, payer)).toEqual({ ok: false, failure: { code } })
    expect(world.stripe.calls).toEqual([])
  })
})

describe('the order of a guest', () => {
  it.each([STAFF, ANONYMOUS])('has no customer whose saved cards it could use: %j', async (caller) => {
    const world = withSaved()
    expect(await chooseCardOwner(world.deps, OF_GUEST, { caller, method: 'pm_saved' })).toEqual(NOBODY)
    expect(world.stripe.calls).toEqual([])
  })
})
