import { describe, expect, it } from 'vitest'
import { captureShippedOrders } from '../../src/payments/capture-shipped-orders.ts'
import type { Payment } from '../../src/payments/domain/payment.ts'
import { reverseCancelledOrders } from '../../src/payments/reverse-cancelled-orders.ts'
import { aCapturedPayment, anAuthorizedPayment, anIntent, aPayment, now, PAYMENT_ID } from '../support/builders.ts'
import { aWorld } from '../support/world.ts'

const UNKNOWN = { kind: 'unknown', isReplayed: false } as const

function shipped(...payments: Payment[]) {
  const world = aWorld()
  world.orders.isShipped = true
  for (const payment of payments) world.payments.add(payment)
  return world
}

function cancelled(...payments: Payment[]) {
  const world = aWorld()
  world.orders.isCancelled = true
  for (const payment of payments) world.payments.add(payment)
  return world
}

describe('a shipped order', () => {
  it('has its authorized payment captured, then is confirmed', async () => {
    const world = shipped(anAuthorizedPayment())
    expect(await captureShippedOrders(world.deps, 50)).toBe(1)
    expect(world.payments.only).toMatchObject({ state: 'succeeded', capturedAmount: 2_500 })
    expect(world.orders.told).toEqual(['applyCapture', 'confirmShipped'])
  })

  it('is confirmed when its payment is captured already', async () => {
    const world = shipped(aCapturedPayment())
    await captureShippedOrders(world.deps, 50)
    expect(world.stripe.calls).toEqual([])
    expect(world.orders.told).toEqual(['confirmShipped'])
  })

  it('comes again while the outcome of the capture is unknown', async () => {
    const world = shipped(anAuthorizedPayment())
    world.stripe.answerNext('capture', UNKNOWN)
    await captureShippedOrders(world.deps, 50)
    await captureShippedOrders(world.deps, 50)
    expect(world.stripe.calls).toEqual([`capture 2500 ${PAYMENT_ID}:2`])
    expect(world.orders.told).toEqual([])
    expect(world.deps.warn).toHaveBeenCalledWith('capture_failed', expect.anything())
  })

  it('whose authorization has ended is confirmed, and listed for staff', async () => {
    const world = shipped(anAuthorizedPayment({ state: 'canceled' }))
    await captureShippedOrders(world.deps, 50)
    expect(world.discrepancies).toEqual([
      { kind: 'capture_lost', subject: 'pi_1', paymentId: PAYMENT_ID, stripe: 'canceled', shop: '25 USD, shipped' },
    ])
    expect(world.orders.told).toEqual(['confirmShipped'])
  })

  it('is left to orders while it does not answer', async () => {
    const world = shipped(anAuthorizedPayment())
    world.orders.isDown = true
    expect(await captureShippedOrders(world.deps, 50)).toBe(0)
  })
})

describe('a cancelled order', () => {
  it('has a captured payment refunded, then is confirmed', async () => {
    const world = cancelled(aCapturedPayment())
    expect(await reverseCancelledOrders(world.deps, 50)).toBe(1)
    expect(world.payments.only.refundedAmount).toBe(2_500)
    expect(world.orders.told).toEqual(['applyRefund', 'confirmCancelled'])
  })

  it('has an authorization voided', async () => {
    const world = cancelled(anAuthorizedPayment())
    await reverseCancelledOrders(world.deps, 50)
    expect(world.payments.only.state).toBe('canceled')
    expect(world.orders.told).toEqual(['applyAuthorizationLost', 'confirmCancelled'])
  })

  it('has an open payment canceled', async () => {
    const world = cancelled(aPayment({ state: 'requires_action', intentId: 'pi_1', attemptUntil: null }))
    await reverseCancelledOrders(world.deps, 50)
    expect(world.stripe.calls).toEqual(['cancel pi_1'])
    expect(world.orders.told).toEqual(['confirmCancelled'])
  })

  it('without a payment is confirmed', async () => {
    const world = cancelled()
    await reverseCancelledOrders(world.deps, 50)
    expect(world.orders.told).toEqual(['confirmCancelled'])
  })

  it('is confirmed when its payment has succeeded meanwhile, which is refunded', async () => {
    const world = cancelled(aPayment({ state: 'requires_action', intentId: 'pi_1', attemptUntil: null }))
    world.stripe.answerNext('cancel', { kind: 'intent', intent: anIntent('succeeded') })
    await reverseCancelledOrders(world.deps, 50)
    expect(world.payments.only).toMatchObject({ state: 'succeeded', refundedAmount: 2_500 })
    expect(world.orders.told).toEqual(['applyCapture', 'applyRefund', 'confirmCancelled'])
  })

  it.each([
    ['Stripe does not answer', UNKNOWN, undefined],
    ['Stripe refuses and the payment can still be confirmed', { kind: 'busy' } as const, anIntent('requires_action')],
  ])('comes again while %s', async (_, answer, current) => {
    const world = cancelled(aPayment({ state: 'requires_action', intentId: 'pi_1', attemptUntil: null }))
    world.stripe.answerNext('cancel', answer)
    if (current !== undefined) world.stripe.answerNext('retrieve', { kind: 'intent', intent: current })
    await reverseCancelledOrders(world.deps, 50)
    expect(world.orders.told).toEqual([])
  })

  it('comes again while a payment is being started, whose answer has to be settled first', async () => {
    const world = cancelled(aPayment({ attemptUntil: now }))
    await reverseCancelledOrders(world.deps, 50)
    expect(world.stripe.calls).toEqual([])
    expect(world.orders.told).toEqual([])
  })
})
