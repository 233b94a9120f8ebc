import { describe, expect, it } from 'vitest'
import { listSavedMethods } from '../../src/saved-methods/list-saved-methods.ts'
import { removeSavedMethod } from '../../src/saved-methods/remove-saved-method.ts'
import { CUSTOMER } from '../support/builders.ts'
import { aWorld } from '../support/world.ts'

const VISA = { id: 'pm_1', brand: 'visa', last4: '4242', expMonth: 12, expYear: 2030 }
const UNAVAILABLE = { ok: false, failure: { code: 'payment_provider_unavailable' } }
const NOT_FOUND = { ok: false, failure: { code: 'payment_method_not_found' } }
const SIGN_IN = { ok: false, failure: { code: 'authentication_required' } }

/** A world whose customer has saved `pm_1`. */
function withCustomer() {
  const world = aWorld()
  world.customers.set('user_1', 'cus_1')
  world.stripe.savedBy.set('pm_1', 'cus_1')
  return world
}

describe('listing saved cards', () => {
  it('answers those of the caller’s customer', async () => {
    const { deps } = withCustomer()
    deps.stripeMethods.list = async (customerId) => (customerId === 'cus_1' ? [VISA] : [])
    expect(await listSavedMethods(deps, CUSTOMER)).toEqual({ ok: true, value: [VISA] })
  })

  it('does not call Stripe for a user who has saved none', async () => {
    const world = aWorld()
    expect(await listSavedMethods(world.deps, CUSTOMER)).toEqual({ ok: true, value: [] })
    expect(world.stripe.calls).toEqual([])
  })

  it('needs an account, and Stripe’s answer', async () => {
    const world = withCustomer()
    expect(await listSavedMethods(world.deps, { kind: 'anonymous' })).toEqual(SIGN_IN)
    world.stripe.isDown = true
    expect(await listSavedMethods(world.deps, CUSTOMER)).toEqual(UNAVAILABLE)
  })
})

describe('removing a saved card', () => {
  it('is allowed to its owner', async () => {
    const world = withCustomer()
    expect(await removeSavedMethod(world.deps, CUSTOMER, 'pm_1')).toEqual({ ok: true })
    expect(world.stripe.savedBy.size).toBe(0)
  })

  it.each([
    ['of another customer', 'cus_2'],
    ['that nobody has saved', undefined],
  ])('%s reads as not found, and removes nothing', async (_, owner) => {
    const world = withCustomer()
    world.stripe.savedBy.delete('pm_1')
    if (owner !== undefined) world.stripe.savedBy.set('pm_1', owner)
    expect(await removeSavedMethod(world.deps, CUSTOMER, 'pm_1')).toEqual(NOT_FOUND)
    expect(world.stripe.calls).toEqual(['ownerOf pm_1'])
  })

  it('answers not found for a user without saved cards, without calling Stripe', async () => {
    const world = aWorld()
    world.stripe.savedBy.set('pm_1', 'cus_2')
    expect(await removeSavedMethod(world.deps, CUSTOMER, 'pm_1')).toEqual(NOT_FOUND)
    expect(world.stripe.calls).toEqual([])
  })

  it('that was already removed answers not found', async () => {
    const { deps } = withCustomer()
    deps.stripeMethods.remove = async () => false
    expect(await removeSavedMethod(deps, CUSTOMER, 'pm_1')).toEqual(NOT_FOUND)
  })

  it('needs an account, and Stripe’s answer', async () => {
    const world = withCustomer()
    expect(await removeSavedMethod(world.deps, { kind: 'anonymous' }, 'pm_1')).toEqual(SIGN_IN)
    world.stripe.isDown = true
    expect(await removeSavedMethod(world.deps, CUSTOMER, 'pm_1')).toEqual(UNAVAILABLE)
    const lost = withCustomer()
    lost.deps.stripeMethods.remove = async () => undefined
    expect(await removeSavedMethod(lost.deps, CUSTOMER, 'pm_1')).toEqual(UNAVAILABLE)
  })
})
