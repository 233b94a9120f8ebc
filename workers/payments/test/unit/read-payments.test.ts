import type { OrderCredentials } from '@shop/contracts/orders/access'
import { ok } from '@shop/kernel/result'
import { describe, expect, it, vi } from 'vitest'
import { getPayment } from '../../src/payments/get-payment.ts'
import { getPaymentsOfOrder } from '../../src/payments/get-payments-of-order.ts'
import { listRefunds } from '../../src/refunds/list-refunds.ts'
import {
  aCapturedPayment,
  aDisputeReport,
  aRefund,
  CUSTOMER,
  now,
  ORDER_ID,
  PAYMENT_ID,
  STAFF,
} from '../support/builders.ts'
import { aWorld } from '../support/world.ts'

const STRANGER = { kind: 'user', userId: 'user_2', role: 'customer' } as const

async function withPayment() {
  const world = aWorld()
  const payment = world.payments.add(aCapturedPayment())
  const refund = world.refunds.add(aRefund({ state: 'succeeded' }))
  await world.deps.disputes.record({ ...aDisputeReport(), paymentId: PAYMENT_ID, observedAt: now }, undefined)
  return { ...world, payment, refund }
}

const read = {
  'a payment': async (access: OrderCredentials, id = PAYMENT_ID) => getPayment((await withPayment()).deps, access, id),
  'the payments of an order': async (access: OrderCredentials) =>
    getPaymentsOfOrder((await withPayment()).deps, access, ORDER_ID),
  'the refunds of a payment': async (access: OrderCredentials) =>
    listRefunds((await withPayment()).deps, access, PAYMENT_ID),
}

describe.each(Object.entries(read))('reading %s', (_, ask) => {
  it.each([
    [CUSTOMER, null],
    [STAFF, null],
    [{ kind: 'anonymous' as const }, 'token'],
    [STRANGER, 'token'],
  ])('is allowed to %j with the order token %s', async (caller, orderToken) => {
    expect((await ask({ caller, orderToken })).ok).toBe(true)
  })

  it.each([
    [STRANGER, null, 'payment_not_found'],
    [STRANGER, 'forged', 'payment_not_found'],
    [{ kind: 'anonymous' as const }, 'forged', 'payment_not_found'],
    [{ kind: 'anonymous' as const }, null, 'authentication_required'],
  ])('is refused to %j with the order token %s: %s', async (caller, orderToken, code) => {
    expect(await ask({ caller, orderToken })).toEqual({ ok: false, failure: { code } })
  })
})

describe('the payment of a guest whose order an account has claimed', () => {
  const claimed = (owns: boolean) => {
    const world = aWorld()
    world.payments.add(aCapturedPayment({ userId: null }))
    world.orders.maySeeOrder = async () => ok(owns)
    return getPayment(world.deps, { caller: CUSTOMER, orderToken: null }, PAYMENT_ID)
  }

  it('is shown to the account, without the token', async () => {
    expect((await claimed(true)).ok).toBe(true)
  })

  it('is not found by other accounts', async () => {
    expect(await claimed(false)).toEqual({ ok: false, failure: { code: 'payment_not_found' } })
  })
})

describe('a payment that is read', () => {
  it('has its disputes for staff only', async () => {
    const { payment, deps } = await withPayment()
    const asStaff = await getPayment(deps, { caller: STAFF, orderToken: null }, PAYMENT_ID)
    expect(asStaff).toMatchObject({ ok: true, value: { payment, disputes: [{ id: 'du_1' }] } })
    const asOwner = await getPayment(deps, { caller: CUSTOMER, orderToken: null }, PAYMENT_ID)
    expect(asOwner).toEqual({ ok: true, value: { payment, disputes: undefined } })
  })

  it('is not found when there is none', async () => {
    const access = { caller: STAFF, orderToken: null }
    const notFound = { ok: false, failure: { code: 'payment_not_found' } }
    expect(await getPayment(aWorld().deps, access, PAYMENT_ID)).toEqual(notFound)
    expect(await getPayment(aWorld().deps, access, 'no id')).toEqual(notFound)
    expect(await getPaymentsOfOrder(aWorld().deps, access, ORDER_ID)).toEqual(notFound)
    expect(await getPaymentsOfOrder(aWorld().deps, access, 'no id')).toEqual(notFound)
    expect(await listRefunds(aWorld().deps, access, 'no id')).toEqual(notFound)
  })

  it('is unavailable while orders cannot check the token', async () => {
    const world = await withPayment()
    world.orders.isDown = true
    const access = { caller: STRANGER, orderToken: 'token' }
    expect(await getPayment(world.deps, access, PAYMENT_ID)).toMatchObject({ failure: { code: 'service_unavailable' } })
  })
})

describe('the payments of an order', () => {
  it('are all of them, and the newest', async () => {
    const { payment, deps } = await withPayment()
    const access = { caller: CUSTOMER, orderToken: null }
    expect(await getPaymentsOfOrder(deps, access, ORDER_ID)).toEqual({
      ok: true,
      value: { newest: payment, payments: [payment] },
    })
  })
})

describe('a payment of somebody else', () => {
  it('reads as not found without asking orders, which only knows tokens', async () => {
    const world = await withPayment()
    const maySeeOrder = vi.spyOn(world.orders, 'maySeeOrder')
    expect(await getPayment(world.deps, { caller: STRANGER, orderToken: null }, PAYMENT_ID)).toMatchObject({
      failure: { code: 'payment_not_found' },
    })
    expect(maySeeOrder).not.toHaveBeenCalled()
  })
})
