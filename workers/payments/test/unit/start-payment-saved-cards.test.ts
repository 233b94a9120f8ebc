import { describe, expect, it } from 'vitest'
import { PAYMENT_ID, STAFF } from '../support/builders.ts'
import { pay, UNAVAILABLE } from '../support/pay.ts'
import { aWorld } from '../support/world.ts'

describe('saved cards', () => {
  it('belong to a customer at Stripe, who is created once', async () => {
    const world = aWorld()
    expect(await pay(world, { savePaymentMethod: true })).toMatchObject({ value: { savesMethod: true } })
    expect(world.customers.get('user_1')).toBe('cus_new')
    expect(world.stripe.calls).toEqual(['createCustomer customer:user_1', `create ${PAYMENT_ID}:1`])
  })

  it.each([
    [{ kind: 'anonymous' as const }, 'token', 'authentication_required'],
    [STAFF, null, 'forbidden'],
  ])('cannot be saved by %j for the owner of the order', async (caller, orderToken, code) => {
    const world = aWorld()
    const refused = await pay(world, { savePaymentMethod: true }, { caller, orderToken })
    expect(refused).toEqual({ ok: false, failure: { code } })
  })

  it('of a customer cannot be used by staff, who pay with a card that is not saved', async () => {
    const world = aWorld()
    world.stripe.savedBy.set('pm_saved', 'cus_1')
    const asStaff = { caller: STAFF, orderToken: null }
    const refused = await pay(world, { paymentMethod: 'pm_saved' }, asStaff)
    expect(refused).toEqual({ ok: false, failure: { code: 'invalid_payment_method' } })
    expect(await pay(world, { paymentMethod: 'pm_fresh' }, asStaff)).toMatchObject({ ok: true })
  })

  it('of a customer cannot be used by staff on a payment that the customer has begun', async () => {
    const world = aWorld()
    world.stripe.savedBy.set('pm_saved', 'cus_1')
    await pay(world, { paymentMethod: undefined })
    const refused = await pay(world, { paymentMethod: 'pm_saved' }, { caller: STAFF, orderToken: null })
    expect(refused).toEqual({ ok: false, failure: { code: 'invalid_payment_method' } })
    expect(world.payments.only).toMatchObject({ attempt: 1, state: 'requires_payment_method' })
    expect(world.stripe.calls.filter((call) => call.startsWith('confirm'))).toEqual([])
  })

  it('are looked up before anything is written: without Stripe’s answer nothing is charged', async () => {
    const world = aWorld()
    world.stripe.isDown = true
    expect(await pay(world, { savePaymentMethod: true })).toEqual(UNAVAILABLE)
    expect(await pay(world, {}, { caller: STAFF, orderToken: null })).toEqual(UNAVAILABLE)
    expect(() => world.payments.only).toThrow('0 payments')
  })
})
