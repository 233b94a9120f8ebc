import { describe, expect, it, vi } from 'vitest'
import { copiesOf } from '../../src/saved-methods/domain/saved-method.ts'
import { listSavedMethods } from '../../src/saved-methods/list-saved-methods.ts'
import { removeSavedMethod } from '../../src/saved-methods/remove-saved-method.ts'
import { CUSTOMER } from '../support/builders.ts'
import { aWorld } from '../support/world.ts'

const VISA = { id: 'pm_1', brand: 'visa', last4: '4242', expMonth: 12, expYear: 2030, fingerprint: 'f_visa' }
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

  it('shows a card once that was saved again, in its newest copy', async () => {
    const { deps } = withCustomer()
    const older = { ...VISA, id: 'pm_0', expYear: 2027 }
    const other = { ...VISA, id: 'pm_2', last4: '1881', fingerprint: 'f_other' }
    deps.stripeMethods.list = async () => [VISA, other, older]
    expect(await listSavedMethods(deps, CUSTOMER)).toEqual({ ok: true, value: [VISA, other] })
  })

  it('shows cards without a fingerprint each by itself', async () => {
    const { deps } = withCustomer()
    const cards = ['pm_1', 'pm_2'].map((id) => ({ ...VISA, id, fingerprint: null }))
    deps.stripeMethods.list = async () => cards
    expect(await listSavedMethods(deps, CUSTOMER)).toEqual({ ok: true, value: cards })
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
    expect(await removeSavedMethod(world.deps, CUSTOMER, { id: 'pm_1' })).toEqual({ ok: true })
    expect(world.stripe.savedBy.size).toBe(0)
  })

  /** The card twice, and another one. */
  function withCopies() {
    const world = withCustomer()
    for (const id of ['pm_0', 'pm_2']) world.stripe.savedBy.set(id, 'cus_1')
    const other = { ...VISA, id: 'pm_2', fingerprint: 'f_other' }
    world.deps.stripeMethods.list = async () => [VISA, other, { ...VISA, id: 'pm_0' }]
    return world
  }

  it('removes its copies too, which the list does not show', async () => {
    const world = withCopies()
    expect(await removeSavedMethod(world.deps, CUSTOMER, { id: 'pm_1' })).toEqual({ ok: true })
    expect([...world.stripe.savedBy.keys()]).toEqual(['pm_2'])
  })

  it('is refused where the list is not the one that the caller has seen', async () => {
    const world = withCopies()
    const seen = vi.fn(async (methods: { id: string }[]) => methods.length === 1)
    const removed = await removeSavedMethod(world.deps, CUSTOMER, { id: 'pm_1', isExpected: seen })
    expect(removed).toEqual({ ok: false, failure: { code: 'version_conflict' } })
    expect(seen).toHaveBeenCalledWith([VISA, expect.objectContaining({ id: 'pm_2' })])
    expect(world.stripe.savedBy.size).toBe(3)
    expect(await removeSavedMethod(world.deps, CUSTOMER, { id: 'pm_1', isExpected: async () => true })).toEqual({
      ok: true,
    })
  })

  it('that Stripe interrupts is completed by the same request', async () => {
    const world = withCopies()
    const { remove } = world.deps.stripeMethods
    world.deps.stripeMethods.remove = async (id) => (id === 'pm_1' ? undefined : remove(id))
    expect(await removeSavedMethod(world.deps, CUSTOMER, { id: 'pm_1' })).toEqual(UNAVAILABLE)
    world.deps.stripeMethods.remove = remove
    expect(await removeSavedMethod(world.deps, CUSTOMER, { id: 'pm_1' })).toEqual({ ok: true })
    expect([...world.stripe.savedBy.keys()]).toEqual(['pm_2'])
  })

  it.each(['4242424242424242', 'tok_visa', 'cus_1'])('%s reads as not found, and Stripe is not asked', async (id) => {
    const world = withCustomer()
    expect(await removeSavedMethod(world.deps, CUSTOMER, { id })).toEqual(NOT_FOUND)
    expect(world.stripe.calls).toEqual([])
  })

  it.each([
    ['of another customer', 'cus_2'],
    ['that nobody has saved', undefined],
  ])('%s reads as not found, and removes nothing', async (_, owner) => {
    const world = withCustomer()
    world.stripe.savedBy.delete('pm_1')
    if (owner !== undefined) world.stripe.savedBy.set('pm_1', owner)
    expect(await removeSavedMethod(world.deps, CUSTOMER, { id: 'pm_1' })).toEqual(NOT_FOUND)
    expect(world.stripe.calls).toEqual(['ownerOf pm_1'])
  })

  it('answers not found for a user without saved cards, without calling Stripe', async () => {
    const world = aWorld()
    world.stripe.savedBy.set('pm_1', 'cus_2')
    expect(await removeSavedMethod(world.deps, CUSTOMER, { id: 'pm_1' })).toEqual(NOT_FOUND)
    expect(world.stripe.calls).toEqual([])
  })

  it('that was already removed answers not found', async () => {
    const { deps } = withCustomer()
    deps.stripeMethods.remove = async () => false
    expect(await removeSavedMethod(deps, CUSTOMER, { id: 'pm_1' })).toEqual(NOT_FOUND)
  })

  it('needs an account, and Stripe’s answer', async () => {
    const world = withCustomer()
    expect(await removeSavedMethod(world.deps, { kind: 'anonymous' }, { id: 'pm_1' })).toEqual(SIGN_IN)
    world.stripe.isDown = true
    expect(await removeSavedMethod(world.deps, CUSTOMER, { id: 'pm_1' })).toEqual(UNAVAILABLE)
    for (const call of ['list', 'remove'] as const) {
      const lost = withCustomer()
      lost.deps.stripeMethods[call] = async () => undefined
      expect(await removeSavedMethod(lost.deps, CUSTOMER, { id: 'pm_1' })).toEqual(UNAVAILABLE)
    }
  })
})

describe('the copies of a saved card', () => {
  const other = { ...VISA, id: 'pm_0', fingerprint: 'f_other' }
  const copy = { ...VISA, id: 'pm_2' }

  it('have its fingerprint, and are those of the card that is named', () => {
    expect(copiesOf('pm_2', [other, VISA, copy])).toEqual([VISA, copy])
    expect(copiesOf('pm_0', [VISA, other, copy])).toEqual([other])
    const unknown = { ...VISA, id: 'pm_3', fingerprint: null }
    expect(copiesOf('pm_3', [unknown, { ...unknown, id: 'pm_4' }])).toEqual([unknown])
  })

  it('are none of a card that is not listed', () => {
    expect(copiesOf('pm_9', [VISA])).toEqual([])
  })
})
