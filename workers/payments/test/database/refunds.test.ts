import { sqlState } from '@shop/db/errors'
import { newId } from '@shop/http/ids'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  aKey,
  aRefund,
  balance,
  captured,
  eventsOf,
  later,
  ledgerOf,
  type Repositories,
  started,
  startRepositories,
  USD,
} from './support.ts'

let repo: Repositories

beforeAll(async () => {
  repo = await startRepositories()
})
afterAll(() => repo.stop())

const all = <T>(count: number, make: () => Promise<T>) => Promise.all(Array.from({ length: count }, make))
const outcome = (refundId: ReturnType<typeof newId<'refund'>>, over = {}) => ({
  refundId,
  stripeRefundId: `re_${refundId}`,
  amount: 2_500,
  currency: USD,
  state: 'succeeded' as const,
  failure: null,
  isFailureKnown: false,
  now: later(5),
  ...over,
})

describe('a refund under an id that was made of its key', () => {
  it('is found by its key, and without it once that is forgotten', async () => {
    const payment = await captured(repo)
    const fresh = aRefund(payment.id, { amount: 300 })
    const key = aKey()
    expect(await repo.refunds.findRequested(fresh, key)).toBeUndefined()
    const reserved = await repo.refunds.reserve(fresh, key)
    if (reserved.kind !== 'reserved') throw new Error(reserved.kind)
    expect(await repo.refunds.findRequested(fresh, key)).toEqual({ kind: 'in_flight' })
    const settled = { ...fresh, now: later(86_400) }
    expect(await repo.refunds.findRequested(settled, key)).toEqual({ kind: 'replayed', refunds: reserved.refunds })
    expect(await repo.refunds.findRequested(settled, { ...key, requestHash: 'another' })).toEqual({
      kind: 'other_request',
    })
    expect(await repo.refunds.findRequested(settled, aKey())).toEqual({ kind: 'replayed', refunds: reserved.refunds })
  })
})

describe('concurrent refunds', () => {
  it('never reserve more than the captured amount', async () => {
    const payment = await captured(repo)
    const refunds = await all(20, () => repo.refunds.reserve(aRefund(payment.id, { amount: 300 }), aKey()))
    const kinds = refunds.map(({ kind }) => kind)
    expect(kinds.filter((kind) => kind === 'reserved')).toHaveLength(8)
    expect(kinds.filter((kind) => kind === 'exceeds')).toHaveLength(12)
    expect(await repo.payments.find(payment.id)).toMatchObject({ reservedAmount: 2_400, refundedAmount: 0 })
    expect(balance(await ledgerOf(repo, payment.id), 'refunds_due')).toBe(-2_400)
  })

  it('of the whole remainder are one refund', async () => {
    const payment = await captured(repo)
    await repo.refunds.reserve(aRefund(payment.id, { amount: 1_000 }), aKey())
    const refunds = await all(10, () => repo.refunds.reserve(aRefund(payment.id), aKey()))
    const made = refunds.flatMap((each) => (each.kind === 'reserved' ? [each.refunds[0].amount] : []))
    expect(made).toEqual([1_500])
  })

  it('with one key are one refund; a different request with the key is refused', async () => {
    const payment = await captured(repo)
    const key = aKey()
    const refunds = await all(10, () => repo.refunds.reserve(aRefund(payment.id, { amount: 100 }), key))
    const kinds = refunds.map(({ kind }) => kind)
    expect(kinds.filter((kind) => kind === 'reserved')).toHaveLength(1)
    expect(kinds.filter((kind) => kind === 'in_flight')).toHaveLength(9)
    expect(await repo.refunds.ofPayment(payment.id)).toHaveLength(1)
    const other = { ...key, requestHash: 'another' }
    expect(await repo.refunds.reserve(aRefund(payment.id, { amount: 200 }), other)).toEqual({ kind: 'other_request' })
  })

  it('are also limited by a constraint of the table', async () => {
    const payment = await captured(repo)
    const over = repo.db.execute(sql`update payments.payments set reserved_amount = 2501 where id = ${payment.id}`)
    expect(await over.catch(sqlState)).toBe('23514')
  })
})

describe('a requested refund', () => {
  it.each([2_501, 0, -1])('of %d out of 2500 is refused', async (amount) => {
    const payment = await captured(repo)
    const refused = await repo.refunds.reserve(aRefund(payment.id, { amount }), aKey())
    expect(refused).toMatchObject({ kind: 'exceeds', left: 2_500 })
  })

  it('of a payment that was not captured is refused', async () => {
    const { id } = await started(repo)
    expect(await repo.refunds.reserve(aRefund(id, { amount: 1 }), aKey())).toMatchObject({ kind: 'exceeds' })
  })

  it('is found again by its key, even when nothing is left', async () => {
    const payment = await captured(repo)
    const key = aKey()
    const first = await repo.refunds.reserve(aRefund(payment.id), key)
    if (first.kind !== 'reserved') throw new Error(first.kind)
    await repo.refunds.settle(outcome(first.refunds[0].id))
    expect(await repo.refunds.reserve(aRefund(payment.id), key)).toMatchObject({
      kind: 'replayed',
      refunds: [{ id: first.refunds[0].id, state: 'succeeded' }],
    })
  })

  it('stores no key when it is refused, so that a retry runs again', async () => {
    const payment = await captured(repo)
    const key = aKey()
    await repo.refunds.reserve(aRefund(payment.id, { amount: 9_999 }), key)
    const retry = await repo.refunds.reserve(aRefund(payment.id, { amount: 100 }), { ...key, requestHash: 'less' })
    expect(retry.kind).toBe('reserved')
  })
})

describe('an automatic refund', () => {
  it('is created once, with its event', async () => {
    const payment = await captured(repo)
    const refunds = await all(5, () => repo.refunds.reserveAutomatic(aRefund(payment.id)))
    expect(new Set(refunds.map((refund) => refund?.id)).size).toBe(1)
    expect(refunds[0]).toMatchObject({ amount: 2_500, currency: 'USD', state: 'pending' })
    const created = (await eventsOf(repo, payment.id)).filter(({ type }) => type === 'refund.created')
    expect(created).toMatchObject([{ payload: { refundId: refunds[0]?.id, amount: 2_500, state: 'pending' } }])
  })

  it('covers the amount that earlier refunds have left, or is not created', async () => {
    const actor = { kind: 'staff', userId: 'user_9' } as const
    const payment = await captured(repo)
    await repo.refunds.reserve(aRefund(payment.id, { amount: 2_000, actor }), aKey())
    expect((await repo.refunds.reserveAutomatic(aRefund(payment.id)))?.amount).toBe(500)
    const empty = await captured(repo)
    await repo.refunds.reserve(aRefund(empty.id, { actor }), aKey())
    expect(await repo.refunds.reserveAutomatic(aRefund(empty.id))).toBeUndefined()
  })

  it('is created again after Stripe never made it', async () => {
    const payment = await captured(repo)
    const first = await repo.refunds.reserveAutomatic(aRefund(payment.id))
    if (first === undefined) throw new Error('nothing left')
    await repo.refunds.settle(outcome(first.id, { state: 'failed', failure: 'not_made', stripeRefundId: null }))
    const second = await repo.refunds.reserveAutomatic(aRefund(payment.id))
    expect(second).toMatchObject({ amount: 2_500, state: 'pending', reason: 'order_cancelled' })
    expect(second?.id).not.toBe(first.id)
    expect((await repo.refunds.ofPayment(payment.id)).map(({ reason }) => reason)).toEqual(
      Array(2).fill('order_cancelled'),
    )
  })
})

describe('an automatic refund that staff have to decide about', () => {
  it.each([
    ['Stripe refused', ['failed']],
    ['the bank returned', ['succeeded', 'failed']],
  ] as const)('since %s it is not created again, however late its event is replayed', async (_, states) => {
    const payment = await captured(repo)
    const first = await repo.refunds.reserveAutomatic(aRefund(payment.id))
    if (first === undefined) throw new Error('nothing left')
    for (const state of states) {
      const failure = state === 'failed' ? 'lost_or_stolen_card' : null
      await repo.refunds.settle(outcome(first.id, { state, failure, stripeRefundId: `re_${first.id}` }))
    }
    expect(await repo.refunds.reserveAutomatic(aRefund(payment.id))).toBeUndefined()
    expect(await repo.refunds.ofPayment(payment.id)).toMatchObject([{ id: first.id, state: 'failed' }])
  })
})

describe('an automatic refund that Stripe never made', () => {
  const notMade = { state: 'failed', failure: 'not_made', stripeRefundId: null, isFailureKnown: true } as const

  it('is reserved anew in the transaction that ends it, once', async () => {
    const payment = await captured(repo)
    const first = await repo.refunds.reserveAutomatic(aRefund(payment.id))
    if (first === undefined) throw new Error('nothing left')
    await all(3, () => repo.refunds.settle(outcome(first.id, notMade), aRefund(payment.id)))
    const states = (await repo.refunds.ofPayment(payment.id)).map(({ state }) => state)
    expect(states.sort()).toEqual(['failed', 'pending'])
  })

  it('but succeeded meanwhile stays so, and no other is reserved', async () => {
    const payment = await captured(repo)
    const first = await repo.refunds.reserveAutomatic(aRefund(payment.id))
    if (first === undefined) throw new Error('nothing left')
    await repo.refunds.settle(outcome(first.id, { state: 'succeeded' }))
    await repo.refunds.settle(outcome(first.id, notMade), aRefund(payment.id))
    expect(await repo.refunds.ofPayment(payment.id)).toMatchObject([{ id: first.id, state: 'succeeded' }])
  })
})

describe('the state of a refund', () => {
  async function aPendingRefund() {
    const payment = await captured(repo)
    const refund = await repo.refunds.reserveAutomatic(aRefund(payment.id))
    if (refund === undefined) throw new Error('nothing left')
    return { payment, refund }
  }

  it('is pending until it is settled, then announced once', async () => {
    const { payment, refund } = await aPendingRefund()
    const due = await repo.refunds.claimDue({ now: later(31), leaseUntil: later(61), limit: 100 })
    expect(due.map((claimed) => claimed.id)).toContain(refund.id)
    const settled = await all(5, () => repo.refunds.settle(outcome(refund.id)))
    const payload = { orderId: payment.orderId, paymentId: payment.id, refundId: refund.id, amount: 2_500 }
    expect(settled.flatMap((each) => each?.announcement?.event ?? [])).toMatchObject([
      { type: 'refund.succeeded', payload: { ...payload, capturedAmount: 2_500, state: 'succeeded' } },
    ])
    expect(settled.filter((each) => each?.change === 'succeeded')).toHaveLength(1)
    expect(await repo.payments.find(payment.id)).toMatchObject({ reservedAmount: 0, refundedAmount: 2_500 })
    const still = await repo.refunds.claimDue({ now: later(1_000), leaseUntil: later(2_000), limit: 100 })
    expect(still.map((claimed) => claimed.id)).not.toContain(refund.id)
    const events = await eventsOf(repo, payment.id)
    expect(events.filter(({ type }) => type === 'refund.succeeded')).toHaveLength(1)
  })

  it('releases the reservation when the refund fails, also in the ledger', async () => {
    const { payment, refund } = await aPendingRefund()
    const failed = await repo.refunds.settle(outcome(refund.id, { state: 'failed', failure: 'declined' }))
    expect(failed).toMatchObject({
      change: 'failed',
      announcement: { event: { type: 'refund.failed', payload: { refundId: refund.id, state: 'failed' } } },
      refund: { state: 'failed', failure: 'declined' },
    })
    expect(await repo.payments.find(payment.id)).toMatchObject({ reservedAmount: 0, refundedAmount: 0 })
    expect((await ledgerOf(repo, payment.id)).map(({ key }) => key.split(':')[0])).toEqual([
      'captured',
      'refund_reserved',
      'refund_failed',
    ])
  })

  it('becomes failed when the bank returns the money, which can then be refunded again', async () => {
    const { payment, refund } = await aPendingRefund()
    await repo.refunds.settle(outcome(refund.id))
    expect(await repo.refunds.settle(outcome(refund.id, { state: 'failed', failure: 'closed' }))).toMatchObject({
      change: 'returned',
      announcement: { event: { type: 'refund.returned', payload: { refundId: refund.id, amount: 2_500 } } },
    })
    const types = (await eventsOf(repo, payment.id)).map(({ type }) => type)
    expect(types.filter((type) => type.startsWith('refund.'))).toEqual([
      'refund.created',
      'refund.succeeded',
      'refund.returned',
    ])
    await repo.refunds.settle(outcome(refund.id))
    expect(await repo.payments.find(payment.id)).toMatchObject({ reservedAmount: 0, refundedAmount: 0 })
    expect(balance(await ledgerOf(repo, payment.id), 'stripe')).toBe(2_500)
    expect((await repo.refunds.reserve(aRefund(payment.id), aKey())).kind).toBe('reserved')
  })

  it('is listed for staff when it failed and no caller was told, or when it was returned', async () => {
    const { payment, refund } = await aPendingRefund()
    await repo.refunds.settle(outcome(refund.id, { state: 'failed', failure: 'closed' }))
    const anew = await repo.refunds.reserve(aRefund(payment.id), aKey())
    if (anew.kind !== 'reserved') throw new Error(`The refund is ${anew.kind}`)
    const refused = { state: 'failed', failure: 'no', stripeRefundId: null, isFailureKnown: true }
    await repo.refunds.settle(outcome(anew.refunds[0].id, refused))
    const shown = (await repo.discrepancies.listOpen({ after: undefined, limit: 1_000 })).filter(
      ({ paymentId }) => paymentId === payment.id,
    )
    expect(shown).toMatchObject([
      { kind: 'refund_failed', subject: `re_${refund.id}`, stripe: '25 USD, failed', shop: 'pending' },
    ])
  })

  it('becomes succeeded when Stripe had made it after the shop recorded a failure', async () => {
    const { payment, refund } = await aPendingRefund()
    await repo.refunds.settle(outcome(refund.id, { state: 'failed', failure: 'not_made', stripeRefundId: null }))
    expect(await repo.refunds.settle(outcome(refund.id))).toMatchObject({ change: 'succeeded' })
    expect(await repo.payments.find(payment.id)).toMatchObject({ reservedAmount: 0, refundedAmount: 2_500 })
    expect(balance(await ledgerOf(repo, payment.id), 'stripe')).toBe(0)
  })

  it.each([
    ['amount', { amount: 2_499 }],
    ['Stripe refund', { stripeRefundId: 're_other' }],
  ])('does not move by a report with another %s', async (_, over) => {
    const { refund } = await aPendingRefund()
    await repo.refunds.settle(outcome(refund.id, { state: 'pending' }))
    expect(await repo.refunds.settle(outcome(refund.id, over))).toMatchObject({
      change: undefined,
      refund: { state: 'pending' },
    })
  })
})

describe('a refund that was made in the dashboard', () => {
  it('is recorded once, if the payment has its amount left', async () => {
    const payment = await captured(repo)
    const stripeRefundId = `re_${payment.id}`
    const adopt = (amount: number) =>
      repo.refunds.adopt({ ...aRefund(payment.id, { amount, reason: 'made_at_provider' }), stripeRefundId })
    await adopt(2_501)
    expect(await repo.refunds.ofPayment(payment.id)).toEqual([])
    await adopt(700)
    await adopt(700)
    const report = { ...outcome(newId('refund'), { amount: 700, stripeRefundId }), refundId: null }
    expect(await repo.refunds.settle(report)).toMatchObject({ change: 'succeeded' })
    expect(await repo.payments.find(payment.id)).toMatchObject({ reservedAmount: 0, refundedAmount: 700 })
  })
})
