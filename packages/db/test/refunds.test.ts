import { newId } from '@shop/http/ids'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Db } from '../src/client.ts'
import { sqlState } from '../src/errors.ts'
import { openDiscrepancies } from '../src/repositories/payments/discrepancies.ts'
import {
  adoptRefund,
  claimPaymentEvents,
  claimRefunds,
  confirmAnnounced,
  findPayment,
  refundsOfPayment,
  reserveRefund,
  resolveRefund,
  settleRefund,
} from '../src/repositories/payments/index.ts'
import { aKey, aRefund, balance, captured, later, ledgerOf, now, started, USD } from './support/payments.ts'

let database: ServiceDatabase
let db: Db

beforeAll(async () => {
  database = await startDatabase()
  db = database.as('payments')
})
afterAll(() => database.stop())

const all = <T>(count: number, make: () => Promise<T>) => Promise.all(Array.from({ length: count }, make))
const outcome = (refundId: ReturnType<typeof newId<'refund'>>, over = {}) => ({
  refundId,
  stripeRefundId: `re_${refundId}`,
  amount: 2_500,
  currency: USD,
  state: 'succeeded' as const,
  failure: null,
  now: later(5),
  ...over,
})

describe('refunds at once', () => {
  it('never reserve more than was captured', async () => {
    const payment = await captured(db)
    const refunds = await all(20, () => reserveRefund(db, aRefund(payment.id, { amount: 300 }), aKey()))
    const kinds = refunds.map(({ kind }) => kind)
    expect(kinds.filter((kind) => kind === 'reserved')).toHaveLength(8)
    expect(kinds.filter((kind) => kind === 'exceeds')).toHaveLength(12)
    expect(await findPayment(db, payment.id)).toMatchObject({ reservedAmount: 2_400, refundedAmount: 0 })
    expect(balance(await ledgerOf(db, payment.id), 'refunds_due')).toBe(-2_400)
  })

  it('of all that is left are one', async () => {
    const payment = await captured(db)
    await reserveRefund(db, aRefund(payment.id, { amount: 1_000 }), aKey())
    const refunds = await all(10, () => reserveRefund(db, aRefund(payment.id), aKey()))
    const made = refunds.flatMap((each) => (each.kind === 'reserved' ? [each.refund.amount] : []))
    expect(made).toEqual([1_500])
  })

  it('with one key are one, and with another request none', async () => {
    const payment = await captured(db)
    const key = aKey()
    const refunds = await all(10, () => reserveRefund(db, aRefund(payment.id, { amount: 100 }), key))
    const kinds = refunds.map(({ kind }) => kind)
    expect(kinds.filter((kind) => kind === 'reserved')).toHaveLength(1)
    expect(kinds.filter((kind) => kind === 'in_flight')).toHaveLength(9)
    expect(await refundsOfPayment(db, payment.id)).toHaveLength(1)
    const other = { ...key, requestHash: 'another' }
    expect(await reserveRefund(db, aRefund(payment.id, { amount: 200 }), other)).toEqual({ kind: 'other_request' })
  })

  it('cannot be talked past the schema', async () => {
    const payment = await captured(db)
    const over = db.execute(sql`update payments.payments set reserved_amount = 2501 where id = ${payment.id}`)
    expect(await over.catch(sqlState)).toBe('23514')
  })
})

describe('a refund that somebody asks for', () => {
  it.each([2_501, 0, -1])('of %d out of 2500 is not made', async (amount) => {
    const payment = await captured(db)
    const refused = await reserveRefund(db, aRefund(payment.id, { amount }), aKey())
    expect(refused).toMatchObject({ kind: 'exceeds', payment: { capturedAmount: 2_500, reservedAmount: 0 } })
  })

  it('of a payment that was not captured is not made', async () => {
    const { id } = await started(db)
    expect(await reserveRefund(db, aRefund(id, { amount: 1 }), aKey())).toMatchObject({ kind: 'exceeds' })
  })

  it('is found again by its key, also once nothing is left', async () => {
    const payment = await captured(db)
    const key = aKey()
    const first = await reserveRefund(db, aRefund(payment.id), key)
    if (first.kind !== 'reserved') throw new Error(first.kind)
    await settleRefund(db, outcome(first.refund.id))
    expect(await reserveRefund(db, aRefund(payment.id), key)).toMatchObject({
      kind: 'replayed',
      refund: { id: first.refund.id, state: 'succeeded' },
    })
  })

  it('leaves no key behind when it is refused, so that a retry runs afresh', async () => {
    const payment = await captured(db)
    const key = aKey()
    await reserveRefund(db, aRefund(payment.id, { amount: 9_999 }), key)
    const retry = await reserveRefund(db, aRefund(payment.id, { amount: 100 }), { ...key, requestHash: 'less' })
    expect(retry.kind).toBe('reserved')
  })
})

describe('what the shop gives back of itself', () => {
  it('is resolved once, and takes the capture off the list of what orders must hear', async () => {
    const payment = await captured(db)
    const refunds = await all(5, () => resolveRefund(db, aRefund(payment.id)))
    expect(new Set(refunds.map((refund) => refund?.id)).size).toBe(1)
    expect(refunds[0]).toMatchObject({ amount: 2_500, currency: 'USD', state: 'pending' })
    const events = await claimPaymentEvents(db, { limit: 1_000, now: later(100_000) })
    expect(events.filter((event) => event.payment.paymentId === payment.id)).toEqual([])
  })

  it('is what staff have left, or nothing', async () => {
    const payment = await captured(db)
    await reserveRefund(db, aRefund(payment.id, { amount: 2_000 }), aKey())
    expect((await resolveRefund(db, aRefund(payment.id)))?.amount).toBe(500)
    const empty = await captured(db)
    await reserveRefund(db, aRefund(empty.id), aKey())
    expect(await resolveRefund(db, aRefund(empty.id))).toBeUndefined()
  })

  it('is resolved again after it failed', async () => {
    const payment = await captured(db)
    const first = await resolveRefund(db, aRefund(payment.id))
    if (first === undefined) throw new Error('nothing left')
    await settleRefund(db, outcome(first.id, { state: 'failed', failure: 'not_made', stripeRefundId: null }))
    const second = await resolveRefund(db, aRefund(payment.id))
    expect(second).toMatchObject({ amount: 2_500, state: 'pending', reason: 'order_cancelled' })
    expect(second?.id).not.toBe(first.id)
    expect((await refundsOfPayment(db, payment.id)).map(({ reason }) => reason)).toEqual(
      Array(2).fill('order_cancelled'),
    )
  })
})

describe('what becomes of a refund', () => {
  async function aPendingRefund() {
    const payment = await captured(db)
    const refund = await resolveRefund(db, aRefund(payment.id))
    if (refund === undefined) throw new Error('nothing left')
    return { payment, refund }
  }

  it('is tried again until it is settled, then announced once with what the refunds add up to', async () => {
    const { payment, refund } = await aPendingRefund()
    const due = await claimRefunds(db, { now: later(31), leaseUntil: later(61), limit: 100 })
    expect(due.map((claimed) => claimed.id)).toContain(refund.id)
    const settled = await all(5, () => settleRefund(db, outcome(refund.id)))
    const told = { orderId: payment.orderId, paymentId: payment.id, refundId: refund.id, amount: 2_500 }
    expect(settled.flatMap((each) => each?.told ?? [])).toEqual([
      { ...told, captured: 2_500, reason: 'order_cancelled', actor: { kind: 'system' } },
    ])
    expect(settled.filter((each) => each?.change === 'succeeded')).toHaveLength(1)
    expect(await findPayment(db, payment.id)).toMatchObject({ reservedAmount: 0, refundedAmount: 2_500 })
    const still = await claimRefunds(db, { now: later(1_000), leaseUntil: later(2_000), limit: 100 })
    expect(still.map((claimed) => claimed.id)).not.toContain(refund.id)
    const mine = async (at: Date) =>
      (await claimPaymentEvents(db, { limit: 1_000, now: at })).filter(
        (event) => event.payment.paymentId === payment.id,
      )
    expect((await mine(later(200_000))).map(({ kind }) => kind)).toEqual(['refunded'])
    await confirmAnnounced(db, { kind: 'refunded', key: refund.id, now })
    expect(await mine(later(400_000))).toEqual([])
  })

  it('frees what it had reserved when it fails, and the ledger says so', async () => {
    const { payment, refund } = await aPendingRefund()
    const failed = await settleRefund(db, outcome(refund.id, { state: 'failed', failure: 'declined' }))
    expect(failed).toMatchObject({ change: 'failed', told: null, refund: { state: 'failed', failure: 'declined' } })
    expect(await findPayment(db, payment.id)).toMatchObject({ reservedAmount: 0, refundedAmount: 0 })
    expect((await ledgerOf(db, payment.id)).map(({ key }) => key.split(':')[0])).toEqual([
      'captured',
      'refund_reserved',
      'refund_failed',
    ])
  })

  it('can be that a bank sends the money back, after which it can be refunded again', async () => {
    const { payment, refund } = await aPendingRefund()
    await settleRefund(db, outcome(refund.id))
    expect(await settleRefund(db, outcome(refund.id, { state: 'failed', failure: 'closed' }))).toMatchObject({
      change: 'returned',
      told: { refundId: refund.id, amount: 2_500 },
    })
    const events = await claimPaymentEvents(db, { limit: 1_000, now: later(3_600) })
    const told = events.filter((event) => 'refundId' in event.payment && event.payment.refundId === refund.id)
    expect(told.map(({ kind }) => kind)).toEqual(['refunded', 'refund_returned'])
    await settleRefund(db, outcome(refund.id))
    expect(await findPayment(db, payment.id)).toMatchObject({ reservedAmount: 0, refundedAmount: 0 })
    expect(balance(await ledgerOf(db, payment.id), 'stripe')).toBe(2_500)
    expect((await reserveRefund(db, aRefund(payment.id), aKey())).kind).toBe('reserved')
  })

  it('that failed with nobody waiting for its answer, or came back, is shown to staff', async () => {
    const { payment, refund } = await aPendingRefund()
    await settleRefund(db, outcome(refund.id, { state: 'failed', failure: 'closed' }))
    const anew = await reserveRefund(db, aRefund(payment.id), aKey())
    if (anew.kind !== 'reserved') throw new Error(`The refund is ${anew.kind}`)
    const refused = { state: 'failed', failure: 'no', stripeRefundId: null, isFailureKnown: true }
    await settleRefund(db, outcome(anew.refund.id, refused))
    const shown = (await openDiscrepancies(db, { after: undefined, limit: 1_000 })).filter(
      ({ paymentId }) => paymentId === payment.id,
    )
    expect(shown).toMatchObject([
      { kind: 'refund_failed', subject: `re_${refund.id}`, stripe: '25 USD, failed', shop: 'pending' },
    ])
  })

  it('that was given up without a word of Stripe may still be that it left', async () => {
    const { payment, refund } = await aPendingRefund()
    await settleRefund(db, outcome(refund.id, { state: 'failed', failure: 'not_made', stripeRefundId: null }))
    expect(await settleRefund(db, outcome(refund.id))).toMatchObject({ change: 'succeeded' })
    expect(await findPayment(db, payment.id)).toMatchObject({ reservedAmount: 0, refundedAmount: 2_500 })
    expect(balance(await ledgerOf(db, payment.id), 'stripe')).toBe(0)
  })

  it.each([
    ['amount', { amount: 2_499 }],
    ['Stripe refund', { stripeRefundId: 're_other' }],
  ])('is not told by a report of another %s', async (_, over) => {
    const { refund } = await aPendingRefund()
    await settleRefund(db, outcome(refund.id, { state: 'pending' }))
    expect(await settleRefund(db, outcome(refund.id, over))).toMatchObject({
      change: null,
      refund: { state: 'pending' },
    })
  })
})

describe('a refund that was made at Stripe', () => {
  it('is written down once, where so much is left', async () => {
    const payment = await captured(db)
    const stripeRefundId = `re_${payment.id}`
    const adopt = (amount: number) =>
      adoptRefund(db, { ...aRefund(payment.id, { amount, reason: 'made_at_provider' }), stripeRefundId })
    await adopt(2_501)
    expect(await refundsOfPayment(db, payment.id)).toEqual([])
    await adopt(700)
    await adopt(700)
    const report = { ...outcome(newId('refund'), { amount: 700, stripeRefundId }), refundId: null }
    expect(await settleRefund(db, report)).toMatchObject({ change: 'succeeded' })
    expect(await findPayment(db, payment.id)).toMatchObject({ reservedAmount: 0, refundedAmount: 700 })
  })
})
