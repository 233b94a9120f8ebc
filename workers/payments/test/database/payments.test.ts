import { newId } from '@shop/http/ids'
import { currency } from '@shop/kernel/currencies'
import type { OrderId, PaymentId } from '@shop/kernel/ids'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  anEvent,
  aPayment,
  eventsOf,
  later,
  ledgerOf,
  now,
  type Repositories,
  seen,
  started as startedIn,
  startRepositories,
} from './support.ts'

let repo: Repositories

beforeAll(async () => {
  repo = await startRepositories()
})
afterAll(() => repo.stop())

const cards = { userId: null, saves: false }
const started = (over: Parameters<typeof aPayment>[0] = {}) => startedIn(repo, over)

describe('the payment of an order', () => {
  it('is one, however many requests start it at once', async () => {
    const orderId = newId('order')
    const calls = Array.from({ length: 10 }, () => repo.payments.start(aPayment({ orderId })))
    const answers = await Promise.all(calls)
    expect(answers.filter((answer) => answer.started)).toHaveLength(1)
    expect(new Set(answers.map((answer) => answer.payment.id)).size).toBe(1)
    expect(await repo.payments.ofOrder(orderId)).toHaveLength(1)
  })

  it('can be replaced after it was canceled, but not after it succeeded', async () => {
    const first = await started()
    await repo.payments.recordState(seen(first.id, 'canceled'))
    const second = await repo.payments.start(aPayment({ orderId: first.orderId }))
    expect(second.started).toBe(true)
    await repo.payments.recordState(seen(second.payment.id, 'succeeded'))
    expect(await repo.payments.start(aPayment({ orderId: first.orderId }))).toMatchObject({
      started: false,
      payment: { id: second.payment.id, state: 'succeeded' },
    })
  })

  it('is claimed for a call to Stripe by one of ten callers that read the same version', async () => {
    const payment = await started()
    await repo.payments.recordState(seen(payment.id, 'requires_payment_method', { attempt: 1 }))
    const open = await repo.payments.find(payment.id)
    if (open === undefined) throw new Error('not found')
    const attempt = { method: 'pm_card_mastercard', cards, until: later(60), now }
    const claims = await Promise.all(Array.from({ length: 10 }, () => repo.payments.claimAttempt(open, attempt)))
    expect(claims.filter(Boolean)).toHaveLength(1)
    expect(claims.find(Boolean)).toMatchObject({ attempt: 2, attemptMethod: 'pm_card_mastercard' })
  })
})

describe('a payment state', () => {
  it('never leaves succeeded, whatever Stripe reports and in whatever order', async () => {
    const states = ['requires_action', 'processing', 'canceled', 'requires_payment_method'] as const
    const payment = await started()
    await repo.payments.recordState(seen(payment.id, 'succeeded'))
    for (const state of states) await repo.payments.recordState(seen(payment.id, state, { observedAt: later(100) }))
    expect((await repo.payments.find(payment.id))?.state).toBe('succeeded')
  })

  it('leaves canceled only for a capture, since captured money must never be missed', async () => {
    const payment = await started()
    await repo.payments.recordState(seen(payment.id, 'canceled'))
    await repo.payments.recordState(seen(payment.id, 'requires_payment_method', { observedAt: later(100) }))
    expect((await repo.payments.find(payment.id))?.state).toBe('canceled')
    expect(await repo.payments.recordState(seen(payment.id, 'succeeded'))).toMatchObject({
      payment: { state: 'succeeded' },
      isNew: true,
    })
  })

  it('still records the money of a payment that was replaced, as a second one of its order', async () => {
    const first = await started()
    await repo.payments.recordState(seen(first.id, 'canceled'))
    const { payment: second } = await repo.payments.start(aPayment({ orderId: first.orderId }))
    await repo.payments.recordState(seen(second.id, 'succeeded'))
    const event = anEvent()
    expect(await repo.payments.recordState(seen(first.id, 'succeeded'), event)).toMatchObject({
      payment: { id: first.id, state: 'succeeded' },
      isNew: true,
    })
    expect(await repo.payments.recordState(seen(first.id, 'succeeded'), event)).toMatchObject({ isNew: false })
    expect(await repo.payments.start(aPayment({ orderId: first.orderId }))).toMatchObject({
      started: false,
      payment: { id: second.id },
    })
  })

  it('is not reset by an older report', async () => {
    const payment = await started()
    await repo.payments.recordState(seen(payment.id, 'processing', { observedAt: later(10) }))
    await repo.payments.recordState(seen(payment.id, 'requires_payment_method', { observedAt: later(5) }))
    expect((await repo.payments.find(payment.id))?.state).toBe('processing')
  })

  it('announces a capture once, however many reports come at once', async () => {
    const payment = await started()
    const reports = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        repo.payments.recordState(seen(payment.id, 'succeeded'), n % 2 ? anEvent() : undefined),
      ),
    )
    expect(reports.filter((report) => report?.isNew)).toHaveLength(1)
    expect((await eventsOf(repo, payment.id)).map(({ type }) => type)).toEqual(['payment.created', 'payment.captured'])
  })

  it('is booked when it is captured, once, at the captured amount', async () => {
    const payment = await started()
    const part = seen(payment.id, 'succeeded', { capturedAmount: 2_000 })
    await Promise.all([
      repo.payments.recordState(part),
      repo.payments.recordState(part, anEvent()),
      repo.payments.recordState(part),
    ])
    expect(await repo.payments.find(payment.id)).toMatchObject({ capturedAmount: 2_000, amount: 2_500 })
    expect(await ledgerOf(repo, payment.id)).toMatchObject([
      { debit: 'stripe', credit: 'sales', amount: 2_000, key: `captured:${payment.id}` },
    ])
  })

  it.each([0, 2_501])('does not succeed with %d of 2500 captured', async (capturedAmount) => {
    const payment = await started()
    await repo.payments.recordState(seen(payment.id, 'succeeded', { capturedAmount }), anEvent())
    expect((await repo.payments.find(payment.id))?.state).toBe('starting')
  })

  it('announces an authorization and its end, once each', async () => {
    const payment = await started({ captureMethod: 'manual' })
    for (const state of ['requires_capture', 'requires_capture', 'canceled', 'canceled'] as const) {
      await repo.payments.recordState(seen(payment.id, state))
    }
    const types = (await eventsOf(repo, payment.id)).map(({ type }) => type)
    expect(types).toEqual(['payment.created', 'payment.authorized', 'payment.authorization_lost'])
    expect(await ledgerOf(repo, payment.id)).toEqual([])
  })

  it.each([
    ['amount', { amount: 2_499 }],
    ['currency', { currency: currency('EUR') }],
  ])('does not move by a report of another %s', async (_, over) => {
    const payment = await started()
    expect(await repo.payments.recordState(seen(payment.id, 'succeeded', over), anEvent())).toMatchObject({
      payment: { state: 'starting' },
      isNew: false,
    })
  })

  it('is unchanged by a report about another PaymentIntent', async () => {
    const payment = await started()
    await repo.payments.recordState(seen(payment.id, 'requires_action'))
    const other = seen(payment.id, 'succeeded', { intentId: 'pi_other' })
    expect(await repo.payments.recordState(other, anEvent())).toMatchObject({
      payment: { state: 'requires_action' },
      isNew: false,
    })
  })

  it('applies each webhook event once', async () => {
    const payment = await started()
    const event = anEvent('payment_intent.processing')
    await repo.payments.recordState(seen(payment.id, 'processing'), event)
    await repo.payments.recordState(seen(payment.id, 'requires_payment_method', { observedAt: later(9) }))
    await repo.payments.recordState(seen(payment.id, 'processing', { observedAt: later(10) }), event)
    expect((await repo.payments.find(payment.id))?.state).toBe('requires_payment_method')
  })

  it('is not recorded for a payment that does not exist', async () => {
    expect(await repo.payments.recordState(seen(newId('payment'), 'succeeded'), anEvent())).toBeUndefined()
  })
})

describe('declines of an order', () => {
  type Seen = NonNullable<Parameters<typeof seen>[2]>
  const at = (seconds: number) => new Date(later(seconds).getTime())

  /** Reports a decline of the charge, as an answer to the attempt or as a webhook. */
  const report = (payment: { id: PaymentId }, charge: string | null, over: Seen = {}) => {
    const decline = { declineCode: 'card_declined', declinedCharge: charge, ...over }
    return repo.payments.recordState(seen(payment.id, 'requires_payment_method', decline), anEvent())
  }

  async function declinedTimes(times: number, over: Seen = {}) {
    const payment = await started({ attemptMethod: null })
    await repo.payments.recordState(seen(payment.id, 'requires_payment_method', { attempt: 1 }))
    for (let count = 0; count < times; count += 1) await report(payment, `ch_${payment.id}_${count}`, over)
    return payment
  }

  const next = (orderId: OrderId, seconds: number) => repo.payments.start(aPayment({ orderId, createdAt: at(seconds) }))

  it.each([
    [9, undefined],
    [10, 60],
    [11, 120],
    [12, 240],
    [16, 3_600],
    [20, 3_600],
  ])('%d pause it for %s seconds after the last', async (times, pause) => {
    const { orderId } = await declinedTimes(times)
    const { pausedUntil } = await next(orderId, 2)
    expect(pausedUntil).toEqual(pause === undefined ? undefined : later(1 + pause))
  })

  it('count once each, however many reports name the same charge', async () => {
    const payment = await declinedTimes(0)
    await Promise.all(Array.from({ length: 12 }, () => report(payment, `ch_${payment.id}`)))
    for (const second of [3, 4]) await report(payment, null, { attempt: 1, observedAt: later(second) })
    const { rows } = await repo.db.execute<{ count: number }>(
      sql`select count(*)::int as count from payments.declines where order_id = ${payment.orderId}`,
    )
    expect(rows).toEqual([{ count: 2 }])
  })

  it('do not count when they contradict the payment', async () => {
    const payment = await declinedTimes(0)
    for (let count = 0; count < 12; count += 1) await report(payment, `ch_${payment.id}_${count}`, { amount: 1 })
    expect((await next(payment.orderId, 2)).pausedUntil).toBeUndefined()
  })

  it('allow no attempt, and no other payment, until the pause is over', async () => {
    const payment = await declinedTimes(10)
    const open = await repo.payments.find(payment.id)
    if (open === undefined) throw new Error('not found')
    const attempt = { method: 'pm_card_visa', cards, until: later(90) }
    expect(await repo.payments.claimAttempt(open, { ...attempt, now: at(60) })).toBeUndefined()
    await repo.payments.recordState(seen(payment.id, 'canceled', { observedAt: later(5) }))
    expect(await next(payment.orderId, 60)).toMatchObject({ started: false, payment: { id: payment.id } })
    expect(await next(payment.orderId, 61)).toMatchObject({ started: true, payment: { state: 'starting' } })
  })

  it('do not stop the capture of an authorization', async () => {
    const payment = await declinedTimes(10)
    await repo.payments.recordState(seen(payment.id, 'requires_capture', { observedAt: later(5) }))
    const open = await repo.payments.find(payment.id)
    if (open === undefined) throw new Error('not found')
    const capture = { capture: { amount: 2_500, isFinal: true }, until: later(90), now: at(6) }
    expect(await repo.payments.claimAttempt(open, capture)).toMatchObject({ captureAmount: 2_500 })
  })

  it('are at most ten, however many requests try cards at once', async () => {
    const { id, orderId } = await declinedTimes(0)
    let charges = 0
    const tries = Array.from({ length: 50 }, async () => {
      for (;;) {
        const { payment, pausedUntil } = await next(orderId, 2)
        if (pausedUntil !== undefined) return
        if (payment.attemptUntil !== null) continue
        const attempt = { method: 'pm_card_visa', cards, until: later(90), now: at(2) }
        const claimed = await repo.payments.claimAttempt(payment, attempt)
        if (claimed === undefined) continue
        charges += 1
        await report({ id }, `ch_${orderId}_${charges}`, { attempt: claimed.attempt, observedAt: later(2) })
      }
    })
    await Promise.all(tries)
    expect(charges).toBe(10)
  })
})

describe('a payment that is captured in parts', () => {
  const part = (capturedAmount: number, second: number, over = {}) =>
    ({ capturedAmount, observedAt: later(second), ...over }) as const

  it('stays authorized, and books and tells each part once, whatever the order of the reports', async () => {
    const { id } = await started({ captureMethod: 'per_shipment' })
    await repo.payments.recordState(seen(id, 'requires_capture'))
    for (const report of [part(1_000, 5), part(1_000, 6), part(400, 9), part(1_800, 4), part(1_800, 4)]) {
      await repo.payments.recordState(seen(id, 'requires_capture', report))
    }
    expect(await repo.payments.find(id)).toMatchObject({ state: 'requires_capture', capturedAmount: 1_800 })
    await repo.payments.recordState(seen(id, 'succeeded', part(2_500, 10)))
    const entries = await ledgerOf(repo, id)
    expect(entries.map(({ key, amount }) => [key, amount])).toEqual([
      [`captured:${id}`, 1_000],
      [`captured:${id}:1800`, 800],
      [`captured:${id}:2500`, 700],
    ])
    const told = (await eventsOf(repo, id)).filter(({ type }) => type === 'payment.captured')
    expect(told.map(({ payload }) => payload)).toMatchObject([
      { state: 'requires_capture', capturedAmount: 1_000, capturedBefore: 0 },
      { state: 'requires_capture', capturedAmount: 1_800, capturedBefore: 1_000 },
      { state: 'succeeded', capturedAmount: 2_500, capturedBefore: 1_800 },
    ])
  })

  it('keeps the amount of its call until that is answered', async () => {
    const { id } = await started({ captureMethod: 'per_shipment' })
    await repo.payments.recordState(seen(id, 'requires_capture', { attempt: 1 }))
    const open = await repo.payments.find(id)
    if (open === undefined) throw new Error('not found')
    await repo.payments.claimAttempt(open, { capture: { amount: 700, isFinal: false }, until: later(60), now })
    await repo.payments.recordState(seen(id, 'requires_capture', part(700, 5)))
    expect(await repo.payments.find(id)).toMatchObject({ captureAmount: 700, captureIsFinal: false })
    await repo.payments.recordState(seen(id, 'requires_capture', part(700, 5, { attempt: 2 })))
    expect(await repo.payments.find(id)).toMatchObject({ captureAmount: null, attemptUntil: null, capturedAmount: 700 })
  })

  it('ends with what was captured, which is booked before', async () => {
    const { id } = await started({ captureMethod: 'per_shipment' })
    await repo.payments.recordState(seen(id, 'requires_capture', part(1_000, 2)))
    await repo.payments.recordState(seen(id, 'succeeded', part(1_000, 3)))
    expect(await repo.payments.find(id)).toMatchObject({ state: 'succeeded', capturedAmount: 1_000 })
    expect(await ledgerOf(repo, id)).toHaveLength(1)
    const [, ended] = (await eventsOf(repo, id)).filter(({ type }) => type === 'payment.captured')
    expect(await repo.payments.announcementOf(id)).toMatchObject({
      event: { type: 'payment.captured', payload: ended?.payload },
    })
  })
})

describe('a call to Stripe', () => {
  it('is resumed by one of several sweeps when it was lost', async () => {
    const payment = await started({ attemptUntil: later(-5) })
    const options = { now, until: later(30), limit: 1_000 }
    const claims = await Promise.all(Array.from({ length: 5 }, () => repo.payments.claimLostAttempts(options)))
    const mine = claims.flat().filter((claimed) => claimed.id === payment.id)
    expect(mine).toHaveLength(1)
    expect(mine[0]).toMatchObject({ attempt: 1, attemptMethod: 'pm_card_visa' })
  })

  it('frees the order for another payment when Stripe refused it before doing anything', async () => {
    const payment = await started()
    await repo.payments.endAttempt(payment, now)
    expect((await repo.payments.start(aPayment({ orderId: payment.orderId }))).started).toBe(true)
  })

  it('does not end the next call when its reply is late', async () => {
    const payment = await started()
    await repo.payments.recordState(seen(payment.id, 'requires_payment_method', { attempt: 1 }))
    const open = await repo.payments.find(payment.id)
    if (open === undefined) throw new Error('not found')
    await repo.payments.claimAttempt(open, { method: 'pm_card_visa', cards, until: later(60), now })
    await repo.payments.recordState(seen(payment.id, 'requires_payment_method', { attempt: 1, observedAt: later(3) }))
    expect((await repo.payments.find(payment.id))?.attemptUntil).toEqual(later(60))
  })
})
