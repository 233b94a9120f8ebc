import { newId } from '@shop/http/ids'
import { currency } from '@shop/kernel'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Db } from '../src/client.ts'
import {
  applyState,
  claimAttempt,
  claimLostAttempts,
  claimPaymentEvents,
  endAttempt,
  findPayment,
  paymentsOfOrder,
  startPayment,
} from '../src/repositories/payments/index.ts'
import { anEvent, aPayment, later, ledgerOf, now, seen, started as startedIn } from './support/payments.ts'

let database: ServiceDatabase
let db: Db

beforeAll(async () => {
  database = await startDatabase()
  db = database.as('payments')
})
afterAll(() => database.stop())

const started = (over: Parameters<typeof aPayment>[0] = {}) => startedIn(db, over)

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
        payment: { orderId: payment.orderId, paymentId: payment.id, amount: 2_500, captured: 2_500, currency: 'USD' },
      }),
    ])
  })

  it('is booked by its capture, once, at what was captured', async () => {
    const payment = await started()
    const part = seen(payment.id, 'succeeded', { capturedAmount: 2_000 })
    await Promise.all([applyState(db, part), applyState(db, part, anEvent()), applyState(db, part)])
    expect(await findPayment(db, payment.id)).toMatchObject({ capturedAmount: 2_000, amount: 2_500 })
    expect(await ledgerOf(db, payment.id)).toMatchObject([
      { debit: 'stripe', credit: 'sales', amount: 2_000, key: `captured:${payment.id}` },
    ])
  })

  it.each([0, 2_501])('does not succeed with %d of 2500 captured', async (capturedAmount) => {
    const payment = await started()
    await applyState(db, seen(payment.id, 'succeeded', { capturedAmount }), anEvent())
    expect((await findPayment(db, payment.id))?.state).toBe('starting')
  })

  it('announces an authorization, and that it ended, once each', async () => {
    const payment = await started({ captureMethod: 'manual' })
    for (const state of ['requires_capture', 'requires_capture', 'canceled', 'canceled'] as const) {
      await applyState(db, seen(payment.id, state))
    }
    const events = await claimPaymentEvents(db, { limit: 1_000, now: later(1_000) })
    const mine = events.filter((event) => event.payment.paymentId === payment.id)
    expect(mine.map(({ kind }) => kind)).toEqual(['authorized', 'authorization_lost'])
    expect(await ledgerOf(db, payment.id)).toEqual([])
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
