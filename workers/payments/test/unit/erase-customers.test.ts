import type { DeliveredUsersEvent } from '@shop/contracts/users/delivered-events'
import { requestErasure } from '@shop/contracts/users/erasure'
import { describe, expect, it } from 'vitest'
import { eraseCustomers } from '../../src/privacy/erase-customers.ts'
import { storablePayload } from '../../src/stripe/storable-payload.ts'
import { aPayment, now } from '../support/builders.ts'
import { aWorld } from '../support/world.ts'

const USER_ID = 'user_01jd4k2v9rf0fv8z3x1m5q7w2e'
const event = (userId: string = USER_ID): DeliveredUsersEvent<'customer.erased'> => ({
  ...{ id: 1, type: 'customer.erased', version: 1, key: userId, sequence: 2, createdAt: now },
  payload: { userId },
})

/** A world in which a customer with saved cards was erased. */
async function withErased() {
  const world = aWorld()
  world.customers.set(USER_ID, 'cus_1')
  expect(await requestErasure(world.deps, event())).toEqual({ ok: true, value: 'done' })
  return { ...world, sweep: () => eraseCustomers(world.deps, 20) }
}

describe('a customer who was erased', () => {
  it('is deleted at Stripe, with the cards saved there', async () => {
    const { customers, stripe, sweep } = await withErased()
    expect(await sweep()).toBe(1)
    expect(stripe.calls).toEqual(['deleteCustomer cus_1'])
    expect(customers.size).toBe(0)
  })

  it('is tried again while Stripe is away', async () => {
    const { customers, stripe, sweep, passHours } = await withErased()
    stripe.isDown = true
    await sweep()
    expect(customers.size).toBe(1)
    stripe.isDown = false
    expect(await sweep()).toBe(0)
    passHours(0.1)
    await sweep()
    expect(customers.size).toBe(0)
  })

  it('stays at Stripe while an authorized payment may be captured', async () => {
    const { payments, stripe, sweep, passHours } = await withErased()
    const payment = payments.add(aPayment({ userId: USER_ID, state: 'requires_capture' }))
    await sweep()
    expect(stripe.calls).toEqual([])
    payments.add({ ...payment, state: 'succeeded' })
    passHours(1)
    await sweep()
    expect(stripe.calls).toEqual(['deleteCustomer cus_1'])
  })

  it('is deleted again if a request on its way has made another one', async () => {
    const { customers, stripe, sweep, passHours, erasures } = await withErased()
    await sweep()
    customers.set(USER_ID, 'cus_2')
    passHours(1)
    await sweep()
    expect([stripe.calls, customers.size]).toEqual([['deleteCustomer cus_1', 'deleteCustomer cus_2'], 0])
    passHours(24)
    await sweep()
    expect(erasures.get(USER_ID)?.nextAt).toBeUndefined()
  })

  it('who never was at Stripe needs no call', async () => {
    const { customers, stripe, sweep } = await withErased()
    customers.clear()
    await sweep()
    expect(stripe.calls).toEqual([])
  })

  it('is skipped by an id that is none', async () => {
    expect(await requestErasure(aWorld().deps, event('nobody'))).toEqual({ ok: true, value: 'skipped' })
  })
})

describe('an event of Stripe', () => {
  it('is stored without what says who paid, and with which card', () => {
    const charge = {
      ...{ id: 'ch_1', object: 'charge', amount: 2_500, currency: 'usd', status: 'succeeded', receipt_email: 'a@b.c' },
      billing_details: { name: 'Ada', email: 'a@b.c', phone: '123', address: { line1: '1 Main Street' } },
      payment_method_details: { card: { brand: 'visa', last4: '4242' } },
      shipping: { name: 'Ada' },
      metadata: { payment_id: 'pay_1', name: 'Ada' },
    }
    const intent = {
      id: 'pi_1',
      last_payment_error: { code: 'x', payment_method: { card: { brand: 'visa', last4: '1' } } },
    }
    expect(storablePayload({ id: 'evt_1', data: { object: charge, previous: [intent] } })).toEqual({
      id: 'evt_1',
      data: {
        object: {
          ...{ id: 'ch_1', object: 'charge', amount: 2_500, currency: 'usd', status: 'succeeded' },
          metadata: { payment_id: 'pay_1' },
        },
        previous: [{ id: 'pi_1', last_payment_error: { code: 'x', payment_method: { card: { brand: 'visa' } } } }],
      },
    })
  })
})
