import { describe, expect, it } from 'vitest'
import { followOrders } from '../../src/events/follow-orders.ts'
import { capturePayment } from '../../src/payments/capture-payment.ts'
import type { Payment } from '../../src/payments/domain/payment.ts'
import { resumeAttempts } from '../../src/payments/resume-attempts.ts'
import { anAuthorizedPayment, anIntent, now, PAYMENT_ID, STAFF } from '../support/builders.ts'
import { anEdit } from '../support/order-events.ts'
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

describe('an edit that leaves nothing to capture', () => {
  const EDIT = 7
  const edited = (over: Partial<Payment>, untold = false) => {
    const world = aWorld({ captureMethod: 'per_shipment' })
    const payment = anAuthorizedPayment({ captureMethod: 'per_shipment', authorizedAt: now, ...over })
    if (untold) world.payments.addUntold(payment)
    else world.payments.add(payment)
    world.orders.moreEvents.push(anEdit(EDIT, 1))
    return world
  }

  it('voids the authorization, and tells orders that it ended', async () => {
    const world = edited({})
    world.orders.due = { shipped: 0, total: 0, isLast: false }
    await followOrders(world.deps)
    expect(world.stripe.calls).toEqual(['cancel pi_1'])
    expect(world.payments.only).toMatchObject({ state: 'canceled', capturedAmount: 0 })
    expect(world.orders.told).toEqual(['payment.authorization_lost'])
    expect(world.orders.receipts).toEqual([{ eventId: EDIT, outcome: 'done' }])
  })

  it('waits while Stripe does not answer, and staff can capture nothing', async () => {
    const world = edited({})
    world.orders.due = { shipped: 0, total: 0, isLast: false }
    world.stripe.answerNext('cancel', { kind: 'unknown', isReplayed: false })
    await followOrders(world.deps)
    expect(world.orders.receipts).toEqual([{ eventId: EDIT, outcome: 'failed', failure: 'not_yet' }])
    const access = { caller: STAFF, orderToken: null }
    const { result } = await capturePayment(world.deps, access, { paymentId: PAYMENT_ID, idempotencyKey: 'key' })
    expect(result).toMatchObject({ failure: { code: 'payment_not_capturable', paymentStatus: 'requires_capture' } })
  })

  it.each([
    ['succeeded', 1_000, ['payment.captured']],
    ['canceled', 0, ['payment.authorization_lost']],
    ['succeeded', 2_500, []],
  ] as const)(
    'tells orders again of an authorization that ended before (%s, %d captured)',
    async (state, captured, told) => {
      const world = edited({ state, capturedAmount: captured }, true)
      await followOrders(world.deps)
      expect(world.orders.told).toEqual(told)
      expect([world.stripe.calls, world.orders.receipts]).toEqual([[], [{ eventId: EDIT, outcome: 'done' }]])
    },
  )

  it('tells orders later, if orders cannot take it now', async () => {
    const world = edited({ state: 'succeeded', capturedAmount: 1_000 }, true)
    const orders = Object.assign(world.orders, {
      receiveEvent: async () => ({ ok: false, failure: { code: 'service_unavailable' } }) as const,
    })
    await followOrders({ ...world.deps, orders })
    expect(world.orders.receipts).toEqual([{ eventId: EDIT, outcome: 'failed', failure: 'not_yet' }])
  })

  it('lists nothing as lost when goods leave that gift cards have paid', async () => {
    const world = shipped({ state: 'canceled', authorizedAt: now })
    world.orders.due = { shipped: 0, total: 0 }
    await followOrders(world.deps)
    expect([world.discrepancies, world.orders.receipts]).toEqual([[], [done]])
  })
})
