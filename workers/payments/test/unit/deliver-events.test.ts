import { describe, expect, it } from 'vitest'
import { deliverEvents } from '../../src/events/deliver-events.ts'
import { announcementOf } from '../../src/payments/domain/outcome.ts'
import type { Payment } from '../../src/payments/domain/payment.ts'
import { aCapturedPayment, anAuthorizedPayment, ORDER_ID, PAYMENT_ID, REFUND_ID } from '../support/builders.ts'
import { aWorld } from '../support/world.ts'

/** A world in which orders has not heard of the payment. */
function unheard(payment: Payment) {
  const world = aWorld()
  world.payments.add(payment)
  const announcement = announcementOf(payment)
  if (announcement !== undefined) world.events.write(announcement)
  return world
}

const REFUND = {
  orderId: ORDER_ID,
  paymentId: PAYMENT_ID,
  refundId: REFUND_ID,
  amount: 2_500,
  captured: 2_500,
  reason: 'broken',
  actor: { kind: 'system' },
} as const

describe('an event that orders has not confirmed', () => {
  it('is told again until orders answers, then confirmed', async () => {
    const world = unheard(aCapturedPayment())
    world.orders.isDown = true
    await deliverEvents(world.deps, 50)
    expect(world.events.unconfirmed).toEqual(['captured'])
    world.orders.isDown = false
    expect(await deliverEvents(world.deps, 50)).toBe(1)
    expect(world.orders.told).toEqual(['applyCapture'])
    expect(world.events.unconfirmed).toEqual([])
  })

  it('of a capture for a cancelled order has it refunded', async () => {
    const world = unheard(aCapturedPayment())
    world.orders.isCancelled = true
    await deliverEvents(world.deps, 50)
    expect(world.payments.only.refundedAmount).toBe(2_500)
    expect(world.events.unconfirmed).toEqual([])
  })

  it('of an authorization for a cancelled order has it voided', async () => {
    const world = unheard(anAuthorizedPayment())
    world.orders.isCancelled = true
    await deliverEvents(world.deps, 50)
    expect(world.payments.only.state).toBe('canceled')
    expect(world.events.unconfirmed).toEqual(['authorization_lost'])
    await deliverEvents(world.deps, 50)
    expect(world.orders.told).toEqual(['applyAuthorization', 'applyAuthorizationLost'])
    expect(world.events.unconfirmed).toEqual([])
  })

  it.each([
    ['refunded', 'applyRefund'],
    ['refund_returned', 'applyRefundReturned'],
  ] as const)('%s is told with %s', async (kind, call) => {
    const world = aWorld()
    world.events.write({ kind, payment: REFUND })
    await deliverEvents(world.deps, 50)
    expect(world.orders.told).toEqual([call])
    expect(world.events.unconfirmed).toEqual([])
  })
})
