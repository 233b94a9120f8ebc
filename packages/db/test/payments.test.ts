import { currency, type PaymentId, type PaymentState } from '@shop/contracts'
import { newId } from '@shop/http/ids'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Db } from '../src/client.ts'
import {
  applyState,
  claimAttempt,
  claimLostAttempts,
  claimPaymentEvents,
  claimRefunds,
  confirmPaymentEvent,
  endAttempt,
  findPayment,
  type NewPayment,
  type Observation,
  paymentsOfOrder,
  resolveRefund,
  saveRefund,
  startPayment,
} from '../src/repositories/payments/index.ts'

let database: ServiceDatabase
let db: Db

beforeAll(async () => {
  database = await startDatabase()
  db = database.as('payments')
})
afterAll(() => database.stop())

const USD = currency('USD')
const now = new Date('2026-11-23T10:00:00.000Z')
const later = (seconds: number) => new Date(now.getTime() + seconds * 1_000)

const aPayment = (over: Partial<NewPayment> = {}): NewPayment => ({
  id: newId('payment'),
  orderId: newId('order'),
  userId: newId('user'),
  amount: 2_500,
  currency: USD,
  attemptMethod: 'pm_card_visa',
  attemptUntil: later(30),
  createdAt: now,
  ...over,
})

async function started(over: Partial<NewPayment> = {}) {
  const { payment } = await startPayment(db, aPayment(over))
  return payment
}

const seen = (paymentId: PaymentId, state: Exclude<PaymentState, 'starting'>, over = {}): Observation => ({
  paymentId,
  intentId: `pi_${paymentId}`,
  amount: 2_500,
  currency: USD,
  state,
  clientSecret: 'cs',
  declineCode: null,
  observedAt: later(1),
  attempt: null,
  ...over,
})

const anEvent = (type = 'payment_intent.succeeded', id = `evt_${crypto.randomUUID()}`) => ({
  id,
  type,
  payload: { id },
  createdAt: later(1),
  receivedAt: later(2),
})

describe('the payment of an order', () => {
  it('is one, however many calls start it at once', async () => {
    const orderId = newId('order')
    const calls = Array.from({ length: 10 }, () => startPayment(db, aPayment({ orderId })))
    const answers = await Promise.all(calls)
    expect(answers.filter((answer) => answer.started)).toHaveLength(1)
    expect(new Set(answers.map((answer) => answer.payment.id)).size).toBe(1)
    expect(await paymentsOfOrder(db, orderId)).toHaveLength(1)
  })

  it('can be another one only after it was canceled, never after it succeeded', async () => {
    const first = await started()
    await applyState(db, seen(first.id, 'canceled'))
    const second = await startPayment(db, aPayment({ orderId: first.orderId }))
    expect(second.started).toBe(true)
    await applyState(db, seen(second.payment.id, 'succeeded'))
    expect(await startPayment(db, aPayment({ orderId: first.orderId }))).toMatchObject({
      started: false,
      payment: { id: second.payment.id, state: 'succeeded' },
    })
  })

  it('is asked of Stripe by one of ten callers that read it at the same version', async () => {
    const payment = await started()
    await applyState(db, seen(payment.id, 'requires_payment_method', { attempt: 1 }))
    const open = await findPayment(db, payment.id)
    if (open === undefined) throw new Error('not found')
    const attempt = { method: 'pm_card_mastercard', until: later(60), now }
    const claims = await Promise.all(Array.from({ length: 10 }, () => claimAttempt(db, open, attempt)))
    expect(claims.filter(Boolean)).toHaveLength(1)
    expect(claims.find(Boolean)).toMatchObject({ attempt: 2, attemptMethod: 'pm_card_mastercard' })
  })
})

describe('a payment state', () => {
  it('never leaves succeeded, whatever comes in whatever order', async () => {
    const states = ['requires_action', 'processing', 'canceled', 'requires_payment_method'] as const
    const payment = await started()
    await applyState(db, seen(payment.id, 'succeeded'))
    for (const state of states) await applyState(db, seen(payment.id, state, { observedAt: later(100) }))
    expect((await findPayment(db, payment.id))?.state).toBe('succeeded')
  })

  it('leaves canceled only for a capture, for captured money must not be overlooked', async () => {
    const payment = await started()
    await applyState(db, seen(payment.id, 'canceled'))
    await applyState(db, seen(payment.id, 'requires_payment_method', { observedAt: later(100) }))
    expect((await findPayment(db, payment.id))?.state).toBe('canceled')
    expect(await applyState(db, seen(payment.id, 'succeeded'))).toMatchObject({
      payment: { state: 'succeeded' },
      captured: true,
    })
  })

  it('of a payment that was replaced still sees its money, which is one too many for the order', async () => {
    const first = await started()
    await applyState(db, seen(first.id, 'canceled'))
    const { payment: second } = await startPayment(db, aPayment({ orderId: first.orderId }))
    await applyState(db, seen(second.id, 'succeeded'))
    const event = anEvent()
    expect(await applyState(db, seen(first.id, 'succeeded'), event)).toMatchObject({
      payment: { id: first.id, state: 'succeeded' },
      captured: true,
    })
    expect(await applyState(db, seen(first.id, 'succeeded'), event)).toMatchObject({ captured: false })
    expect(await startPayment(db, aPayment({ orderId: first.orderId }))).toMatchObject({
      started: false,
      payment: { id: second.id },
    })
  })

  it('is not set back by an older report', async () => {
    const payment = await started()
    await applyState(db, seen(payment.id, 'processing', { observedAt: later(10) }))
    await applyState(db, seen(payment.id, 'requires_payment_method', { observedAt: later(5) }))
    expect((await findPayment(db, payment.id))?.state).toBe('processing')
  })

  it('announces a capture once, however many report it at the same time', async () => {
    const payment = await started()
    const reports = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        applyState(db, seen(payment.id, 'succeeded'), n % 2 ? anEvent() : undefined),
      ),
    )
    expect(reports.filter((report) => report?.captured)).toHaveLength(1)
    const events = await claimPaymentEvents(db, { limit: 1_000, now: later(1_000) })
    const mine = events.filter((event) => event.payment.paymentId === payment.id)
    expect(mine).toEqual([
      expect.objectContaining({
        kind: 'captured',
        payment: { orderId: payment.orderId, paymentId: payment.id, amount: 2_500, currency: 'USD' },
      }),
    ])
  })

  it.each([
    ['amount', { amount: 2_499 }],
    ['currency', { currency: currency('EUR') }],
  ])('does not move by a report of another %s', async (_, over) => {
    const payment = await started()
    expect(await applyState(db, seen(payment.id, 'succeeded', over), anEvent())).toMatchObject({
      payment: { state: 'starting' },
      captured: false,
    })
  })

  it('does not move by a report of another PaymentIntent', async () => {
    const payment = await started()
    await applyState(db, seen(payment.id, 'requires_action'))
    const other = seen(payment.id, 'succeeded', { intentId: 'pi_other' })
    expect(await applyState(db, other, anEvent())).toMatchObject({
      payment: { state: 'requires_action' },
      captured: false,
    })
  })

  it('is taken from an event once', async () => {
    const payment = await started()
    const event = anEvent('payment_intent.processing')
    await applyState(db, seen(payment.id, 'processing'), event)
    await applyState(db, seen(payment.id, 'requires_payment_method', { observedAt: later(9) }))
    await applyState(db, seen(payment.id, 'processing', { observedAt: later(10) }), event)
    expect((await findPayment(db, payment.id))?.state).toBe('requires_payment_method')
  })

  it('is unknown for a payment that is not there', async () => {
    expect(await applyState(db, seen(newId('payment'), 'succeeded'), anEvent())).toBeUndefined()
  })
})

describe('a call to Stripe', () => {
  it('that was lost is resumed by one of several sweeps', async () => {
    const payment = await started({ attemptUntil: later(-5) })
    const options = { now, until: later(30), limit: 1_000 }
    const claims = await Promise.all(Array.from({ length: 5 }, () => claimLostAttempts(db, options)))
    const mine = claims.flat().filter((claimed) => claimed.id === payment.id)
    expect(mine).toHaveLength(1)
    expect(mine[0]).toMatchObject({ attempt: 1, attemptMethod: 'pm_card_visa' })
  })

  it('that Stripe refused before doing anything frees the order for another payment', async () => {
    const payment = await started()
    await endAttempt(db, payment, now)
    expect((await startPayment(db, aPayment({ orderId: payment.orderId }))).started).toBe(true)
  })

  it('that ended does not end the next one', async () => {
    const payment = await started()
    await applyState(db, seen(payment.id, 'requires_payment_method', { attempt: 1 }))
    const open = await findPayment(db, payment.id)
    if (open === undefined) throw new Error('not found')
    await claimAttempt(db, open, { method: 'pm_card_visa', until: later(60), now })
    await applyState(db, seen(payment.id, 'requires_payment_method', { attempt: 1, observedAt: later(3) }))
    expect((await findPayment(db, payment.id))?.attemptUntil).toEqual(later(60))
  })
})

describe('a refund', () => {
  it('is resolved once for a reason, and takes the capture off the list of what orders must hear', async () => {
    const payment = await started()
    await applyState(db, seen(payment.id, 'succeeded'))
    const resolve = () =>
      resolveRefund(db, {
        id: newId('refund'),
        paymentId: payment.id,
        reason: 'order_cancelled',
        now,
        nextAttemptAt: later(30),
      })
    const refunds = await Promise.all(Array.from({ length: 5 }, resolve))
    expect(new Set(refunds.map((refund) => refund.id)).size).toBe(1)
    expect(refunds[0]).toMatchObject({ amount: 2_500, currency: 'USD', state: 'pending' })
    const events = await claimPaymentEvents(db, { limit: 1_000, now: later(100_000) })
    expect(events.filter((event) => event.payment.paymentId === payment.id)).toEqual([])
  })

  it('is tried again until it is settled, then announced once', async () => {
    const payment = await started()
    await applyState(db, seen(payment.id, 'succeeded'))
    const refund = await resolveRefund(db, {
      id: newId('refund'),
      paymentId: payment.id,
      reason: 'order_cancelled',
      now,
      nextAttemptAt: later(30),
    })
    const due = await claimRefunds(db, { now: later(31), nextAttemptAt: later(61), limit: 100 })
    expect(due.map((claimed) => claimed.id)).toContain(refund.id)
    const settled = { id: refund.id, state: 'succeeded', stripeRefundId: 're_1', now: later(32) } as const
    await saveRefund(db, settled)
    await saveRefund(db, { ...settled, state: 'failed' })
    const still = await claimRefunds(db, { now: later(1_000), nextAttemptAt: later(2_000), limit: 100 })
    expect(still.map((claimed) => claimed.id)).not.toContain(refund.id)
    const events = await claimPaymentEvents(db, { limit: 1_000, now: later(200_000) })
    const [announced, ...more] = events.filter((event) => event.payment.paymentId === payment.id)
    expect(announced?.kind).toBe('refunded')
    expect(more).toEqual([])
    if (announced !== undefined) await confirmPaymentEvent(db, announced.id, now)
    const after = await claimPaymentEvents(db, { limit: 1_000, now: later(400_000) })
    expect(after.filter((event) => event.payment.paymentId === payment.id)).toEqual([])
  })
})
