import { describe, expect, it } from 'vitest'
import { followOrders } from '../../src/events/follow-orders.ts'
import type { Payment } from '../../src/payments/domain/payment.ts'
import { resumeAttempts } from '../../src/payments/resume-attempts.ts'
import { anAuthorizedPayment, anIntent, now, PAYMENT_ID } from '../support/builders.ts'
import { aWorld } from '../support/world.ts'

const SHIPPED = 2
const done = { eventId: SHIPPED, outcome: 'done' }
const notYet = { eventId: SHIPPED, outcome: 'failed', failure: 'not_yet' }

/** An order of 25.00 USD of which a shipment worth 10.00 USD has left. */
function shipped(over: Partial<Payment> = {}) {
  const world = aWorld({ captureMethod: 'per_shipment' })
  world.orders.isShipped = true
  world.orders.due = { shipped: 1_000, isLast: false }
  world.payments.add(anAuthorizedPayment({ captureMethod: 'per_shipment', ...over }))
  return world
}

describe('a shipment of an order that pays per shipment', () => {
  it('captures what it is worth, and tells orders', async () => {
    const world = shipped()
    await followOrders(world.deps)
    expect(world.stripe.calls).toEqual([`capture 1000 of more ${PAYMENT_ID}:2`])
    expect(world.payments.only).toMatchObject({ state: 'requires_capture', capturedAmount: 1_000, attemptUntil: null })
    expect(world.orders.told).toEqual(['payment.captured'])
    expect(world.orders.receipts).toEqual([done])
  })

  it('captures the rest with the last', async () => {
    const world = shipped()
    await followOrders(world.deps)
    world.orders.receipts.length = 0
    world.orders.due = { isLast: true }
    await followOrders(world.deps)
    expect(world.stripe.calls.at(-1)).toBe(`capture 1500 ${PAYMENT_ID}:3`)
    expect(world.payments.only).toMatchObject({ state: 'succeeded', capturedAmount: 2_500 })
    expect(world.orders.told).toEqual(['payment.captured', 'payment.captured'])
  })

  it('captures nothing when its event comes again', async () => {
    const world = shipped()
    await followOrders(world.deps)
    world.orders.receipts.length = 0
    await followOrders(world.deps)
    expect(world.stripe.calls).toHaveLength(1)
    expect(world.orders.receipts).toEqual([done])
  })

  it('captures all that is due where the card allows one capture only', async () => {
    const world = shipped()
    world.stripe.hasMulticapture = false
    await followOrders(world.deps)
    expect(world.stripe.calls).toEqual([`capture 2500 ${PAYMENT_ID}:2`])
    expect(world.payments.only).toMatchObject({ state: 'succeeded', capturedAmount: 2_500 })
  })

  it('whose capture was lost is captured once, by the same call', async () => {
    const world = shipped()
    world.stripe.answerNext('capture', { kind: 'unknown', isReplayed: false })
    await followOrders(world.deps)
    await followOrders(world.deps)
    expect(world.orders.receipts).toEqual([notYet, notYet])
    expect(world.payments.only).toMatchObject({ captureAmount: 1_000, captureIsFinal: false })
    world.payments.add({ ...world.payments.only, attemptUntil: new Date(now.getTime() - 1) })
    await resumeAttempts(world.deps, 10)
    await followOrders(world.deps)
    expect(world.stripe.calls).toEqual(Array(2).fill(`capture 1000 of more ${PAYMENT_ID}:2`))
    expect(world.payments.only).toMatchObject({ capturedAmount: 1_000, captureAmount: null, attemptUntil: null })
    expect(world.orders.receipts.at(-1)).toEqual(done)
  })

  it('waits while Stripe does not say what the card allows', async () => {
    const world = shipped()
    world.stripe.isDown = true
    await followOrders(world.deps)
    expect([world.stripe.calls, world.orders.receipts]).toEqual([[], [notYet]])
  })

  it('comes again when the bank declines its capture', async () => {
    const world = shipped()
    const intent = anIntent('requires_capture', { declineCode: 'expired_card' })
    world.stripe.answerNext('capture', { kind: 'declined', intent, declineCode: 'expired_card' })
    await followOrders(world.deps)
    expect(world.orders.receipts).toEqual([notYet])
  })

  it.each([
    [1_700, [{ kind: 'capture_lost', stripe: '10 USD captured', shop: '7 USD, shipped' }]],
    [1_000, []],
  ])('after the rest was lost lists what of %d was not captured', async (worth, discrepancies) => {
    const world = shipped({ state: 'succeeded', capturedAmount: 1_000 })
    world.orders.due = { shipped: worth, isLast: false }
    await followOrders(world.deps)
    expect(world.discrepancies).toMatchObject(discrepancies)
    expect(world.discrepancies).toHaveLength(discrepancies.length)
    expect([world.stripe.calls, world.orders.receipts]).toEqual([[], [done]])
  })
})
