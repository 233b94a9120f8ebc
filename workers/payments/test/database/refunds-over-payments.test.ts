import { paymentsDeliveries } from '@shop/db/schema/payments'
import { newId } from '@shop/http/ids'
import type { OrderId, PaymentId, RefundId } from '@shop/kernel/ids'
import { and, eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Refund } from '../../src/refunds/domain/refund.ts'
import { partIds } from '../../src/refunds/internal/part-ids.ts'
import {
  aKey,
  balance,
  eventsOf,
  later,
  ledgerOf,
  now,
  type Repositories,
  seen,
  started,
  startRepositories,
  USD,
} from './support.ts'

let repo: Repositories

beforeAll(async () => {
  repo = await startRepositories()
})
afterAll(() => repo.stop())

type Paid = { orderId: OrderId; first: PaymentId; second: PaymentId; gift: PaymentId }

/** An order that paid 25.00 by card, 10.00 more after an edit, and 5.00 by gift cards. Orders has taken all of it. */
async function paidThrice(): Promise<Paid> {
  const orderId = newId('order')
  const { id: first } = await started(repo, { orderId })
  await repo.payments.recordState(seen(first, 'succeeded'))
  const { id: second } = await started(repo, { orderId, chargeNo: 2, amount: 1_000, createdAt: later(60) })
  await repo.payments.recordState(seen(second, 'succeeded', { amount: 1_000, capturedAmount: 1_000 }))
  const gift = newId('payment')
  await repo.payments.recordGiftCards({ id: gift, orderId, userId: null, amount: 500, currency: USD, paidAt: now })
  for (const paymentId of [first, second]) await takenByOrders(paymentId)
  return { orderId, first, second, gift }
}

async function takenByOrders(paymentId: PaymentId) {
  const captured = (await eventsOf(repo, paymentId)).filter(({ type }) => type === 'payment.captured')
  const receipts = captured.map(({ id }) => ({ eventId: id, outcome: 'done' }) as const)
  await repo.events.settle({ consumer: 'orders', receipts, now: later(2) })
}

/** An order that pays 25.00 by card, which two shipments have captured. */
async function capturedTwice(): Promise<Paid> {
  const orderId = newId('order')
  const { id: first } = await started(repo, { orderId, captureMethod: 'per_shipment' })
  await repo.payments.recordState(seen(first, 'requires_capture', { capturedAmount: 1_000, observedAt: later(1) }))
  await repo.payments.recordState(seen(first, 'succeeded', { observedAt: later(2) }))
  return { orderId, first, second: first, gift: newId('payment') }
}

/** Sets the deliveries to orders of the captures of a payment, oldest first. */
async function decided(paymentId: PaymentId, statuses: ('pending' | 'parked' | 'skipped' | 'done')[]) {
  const captured = (await eventsOf(repo, paymentId)).filter(({ type }) => type === 'payment.captured')
  expect(captured).toHaveLength(statuses.length)
  for (const [at, { id }] of captured.entries()) {
    const status = statuses[at] ?? 'pending'
    const confirmedAt = status === 'done' || status === 'skipped' ? later(3) : null
    await repo.db
      .update(paymentsDeliveries)
      .set({ status, confirmedAt })
      .where(and(eq(paymentsDeliveries.eventId, id), eq(paymentsDeliveries.consumer, 'orders')))
  }
}

const fresh = { actor: { kind: 'system' }, reason: 'order_edited', now: later(100), leaseUntil: later(130) } as const

const reserve = async ({ orderId, first }: Paid, amount: number, key = aKey()) =>
  repo.refunds.reserveOverPayments(
    { ...fresh, orderId, paymentId: first, ids: await partIds(newId('refund'), 3), amount },
    key,
  )
const reserveDue = async ({ orderId }: Paid, amount: number, { given = 0, id = newId('refund') }: DueOptions = {}) =>
  repo.refunds.reserveDue({ ...fresh, orderId, paymentId: null, ids: await partIds(id, 6), amount, given })
type DueOptions = { given?: number; id?: RefundId }

const settle = (refundId: RefundId, amount: number, stripeRefundId: string | null) =>
  repo.refunds.settle({
    ...{ refundId, amount, stripeRefundId, currency: USD, now: later(200) },
    ...{ state: 'succeeded', failure: null, isFailureKnown: false },
  })

describe('a refund over several payments', () => {
  it('takes from the newest first and from gift cards last, with one refund for each', async () => {
    const paid = await paidThrice()
    const reserved = await reserve(paid, 3_800)
    if (reserved.kind !== 'reserved') throw new Error(reserved.kind)
    const [first, ...others] = reserved.refunds
    expect(first).toMatchObject({ paymentId: paid.second, amount: 1_000, destination: 'card', partOf: null })
    expect(others).toHaveLength(2)
    expect(others).toContainEqual(
      expect.objectContaining({ paymentId: paid.first, amount: 2_500, destination: 'card', partOf: first.id }),
    )
    expect(others).toContainEqual(
      expect.objectContaining({ paymentId: paid.gift, amount: 300, destination: 'gift_cards', partOf: first.id }),
    )
  })

  it('reserves and books each part, and tells of each', async () => {
    const paid = await paidThrice()
    await reserve(paid, 3_800)
    for (const [id, amount] of [
      [paid.second, 1_000],
      [paid.first, 2_500],
      [paid.gift, 300],
    ] as const) {
      expect(await repo.payments.find(id)).toMatchObject({ reservedAmount: amount })
      expect(balance(await ledgerOf(repo, id), 'refunds_due')).toBe(-amount)
      expect((await eventsOf(repo, id)).filter(({ type }) => type === 'refund.created')).toHaveLength(1)
    }
  })

  it('has a part that stands as long as another one is pending or succeeded', async () => {
    const paid = await paidThrice()
    const reserved = await reserve(paid, 3_800)
    if (reserved.kind !== 'reserved') throw new Error(reserved.kind)
    const fail = ({ id: refundId, amount }: Refund) =>
      repo.refunds.settle({
        ...{ refundId, amount, stripeRefundId: null, currency: USD, now: later(200) },
        ...{ state: 'failed', failure: 'declined', isFailureKnown: true },
      })
    const standing: unknown[] = []
    for (const part of reserved.refunds) {
      await fail(part)
      standing.push((await repo.refunds.details([part.id])).get(part.id)?.hasStandingPart)
    }
    expect(standing).toEqual([true, true, false])
  })

  it('is all or nothing: of more than is left nothing is reserved, and no key is kept', async () => {
    const paid = await paidThrice()
    const key = aKey()
    expect(await reserve(paid, 4_001, key)).toEqual({ kind: 'exceeds', left: 4_000 })
    expect(await repo.payments.find(paid.second)).toMatchObject({ reservedAmount: 0 })
    expect(await reserve(paid, 4_000, key)).toMatchObject({ kind: 'reserved' })
  })

  it('is found again by its key with all its parts, in the same order', async () => {
    const paid = await paidThrice()
    const key = aKey()
    const reserved = await reserve(paid, 3_800, key)
    if (reserved.kind !== 'reserved') throw new Error(reserved.kind)
    for (const { id } of reserved.refunds) await repo.refunds.endLease(id)
    const again = await reserve(paid, 3_800, key)
    if (again.kind !== 'replayed') throw new Error(again.kind)
    expect(again.refunds.map(({ id }) => id)).toEqual(reserved.refunds.map(({ id }) => id))
    const found = await repo.refunds.findRequested({ id: reserved.refunds[0].id, now: later(100) }, aKey())
    expect(found).toMatchObject({ kind: 'replayed', refunds: again.refunds.map(({ id }) => ({ id })) })
  })

  it('never exceeds what was paid, however many are requested at once', async () => {
    const paid = await paidThrice()
    const kinds = await Promise.all(Array.from({ length: 20 }, async () => (await reserve(paid, 700)).kind))
    expect(kinds.filter((kind) => kind === 'reserved')).toHaveLength(5)
    expect(kinds.filter((kind) => kind === 'exceeds')).toHaveLength(15)
    const left = await Promise.all([paid.first, paid.second, paid.gift].map((id) => repo.payments.find(id)))
    expect(left.reduce((sum, payment) => sum + (payment?.reservedAmount ?? 0), 0)).toBe(3_500)
  })

  it('leaves money alone that orders has not taken yet', async () => {
    const orderId = newId('order')
    const { id: first } = await started(repo, { orderId })
    await repo.payments.recordState(seen(first, 'succeeded'))
    const { id: second } = await started(repo, { orderId, chargeNo: 2, amount: 1_000 })
    await repo.payments.recordState(seen(second, 'succeeded', { amount: 1_000, capturedAmount: 1_000 }))
    const paid = { orderId, first, second, gift: second }
    expect(await reserve(paid, 2_501)).toEqual({ kind: 'exceeds', left: 2_500 })
    expect(await reserveDue(paid, 500)).toBe('not_yet')
    for (const id of [first, second]) await takenByOrders(id)
    expect(await reserveDue(paid, 500)).toMatchObject([{ paymentId: second, amount: 500 }])
  })

  it.each(['skipped', 'parked'] as const)(
    'takes money whose first capture was %s, once a later one was taken',
    async (first) => {
      const paid = await capturedTwice()
      await decided(paid.first, [first, 'done'])
      expect(await reserve({ ...paid, first: paid.gift }, 2_500)).toMatchObject({ kind: 'reserved' })
      const due = await capturedTwice()
      await decided(due.first, [first, 'done'])
      expect(await reserveDue(due, 2_500)).toMatchObject([{ paymentId: due.first, amount: 2_500 }])
    },
  )

  it.each([
    ['pending', 'not_yet'],
    ['parked', 'not_yet'],
    ['skipped', []],
  ] as const)('leaves money alone whose last capture is %s', async (last, due) => {
    const paid = await capturedTwice()
    await decided(paid.first, ['done', last])
    expect(await reserve({ ...paid, first: paid.gift }, 1)).toEqual({ kind: 'exceeds', left: 0 })
    expect(await reserveDue(paid, 1)).toEqual(due)
  })

  it('leaves money alone that is refunded because the order could not take it', async () => {
    const paid = await paidThrice()
    await repo.refunds.reserveAutomatic({
      ...fresh,
      id: newId('refund'),
      paymentId: paid.second,
      amount: 1,
      reason: 'order_cancelled',
    })
    expect(await reserve(paid, 3_001)).toEqual({ kind: 'exceeds', left: 3_000 })
  })
})

describe('a refund whose first part failed and succeeds late', () => {
  const NOT_MADE = { state: 'failed', failure: 'not_made', isFailureKnown: true } as const

  /** The parts of a refund of 38.00: 10.00, 25.00 and 3.00. The first is the one that moves money first. */
  async function reserved() {
    const made = await reserve(await paidThrice(), 3_800)
    if (made.kind !== 'reserved') throw new Error(made.kind)
    return made.refunds
  }
  const fail = ({ id, amount }: Refund) =>
    repo.refunds.settle({
      ...{ refundId: id, amount, stripeRefundId: null, currency: USD, now: later(150) },
      ...NOT_MADE,
    })
  const succeedLate = ({ id, amount }: Refund) => settle(id, amount, `re_${id}`)
  const listed = async ({ id }: Refund) =>
    (await repo.discrepancies.listOpen({ after: undefined, limit: 1_000 })).find(({ subject }) => subject === id)

  it('lists the parts that were given up with it, so that staff refund the rest of the units', async () => {
    const [first, ...others] = await reserved()
    for (const part of [first, ...others]) await fail(part)
    for (const part of [first, ...others]) expect(await listed(part)).toBeUndefined()
    await succeedLate(first)
    for (const part of others) {
      expect(await listed(part)).toMatchObject({
        ...{ kind: 'refund_failed', paymentId: part.paymentId, stripe: `${part.amount / 100} USD, not made` },
        shop: `units refunded by ${first.id}`,
      })
    }
    expect(await listed(first)).toBeUndefined()
  })

  it('lists each part once, however often it is reported, and not those that are still to be made', async () => {
    const [first, given = first, pending = first] = await reserved()
    for (const part of [first, given]) await fail(part)
    await succeedLate(first)
    await succeedLate(first)
    const open = await repo.discrepancies.listOpen({ after: undefined, limit: 1_000 })
    expect(open.filter(({ subject }) => subject === given.id)).toHaveLength(1)
    expect(await listed(pending)).toBeUndefined()
    await settle(pending.id, pending.amount, null)
    expect(await listed(pending)).toBeUndefined()
  })

  it('lists a part that is given up just after its first part has succeeded', async () => {
    const [first, second = first] = await reserved()
    await fail(first)
    await succeedLate(first)
    await fail(second)
    expect(await listed(second)).toMatchObject({ kind: 'refund_failed' })
  })

  it('lists parts that are given up at the same time', async () => {
    for (let round = 0; round < 10; round += 1) {
      const [first, ...others] = await reserved()
      await fail(first)
      await Promise.all([...others.map(fail), succeedLate(first)])
      for (const part of others) expect(await listed(part)).toMatchObject({ kind: 'refund_failed' })
    }
  })
})

describe('a refund that orders owes', () => {
  it('is made once, however often it is due at once', async () => {
    const paid = await paidThrice()
    const id = newId('refund')
    const made = await Promise.allSettled(Array.from({ length: 5 }, () => reserveDue(paid, 1_200, { id })))
    expect(made.some(({ status }) => status === 'fulfilled')).toBe(true)
    const again = await reserveDue(paid, 1_200, { id })
    expect(again).toMatchObject([
      { id, paymentId: paid.second, amount: 1_000 },
      { partOf: id, paymentId: paid.first, amount: 200 },
    ])
    expect(await repo.payments.find(paid.first)).toMatchObject({ reservedAmount: 200 })
  })

  it('is what is left, with what was given already first', async () => {
    const paid = await paidThrice()
    await reserve(paid, 3_000)
    const made = await reserveDue(paid, 2_000, { given: 900 })
    if (made === 'not_yet') throw new Error(made)
    expect(made.map(({ destination, amount }) => [destination, amount]).sort()).toEqual([
      ['card', 100],
      ['given', 400],
      ['given', 500],
    ])
    expect(await reserveDue(paid, 1)).toEqual([])
  })
})

describe('the ledger of gift cards', () => {
  /** What the shop owes on gift cards in USD, in minor units. */
  const owed = async () =>
    -balance(await repo.ledger.list({ paymentId: undefined, after: undefined, limit: 1_000 }), 'gift_cards')

  it('owes what was issued, less what was spent and ended, and more again for what was refunded to cards', async () => {
    const before = await owed()
    const at = later(1)
    await repo.ledger.book('gift_card_sold', { about: newId('order'), amount: 5_000, currency: USD, at })
    const given = { about: newId('order'), amount: 2_000, currency: USD, at }
    await repo.ledger.book('gift_card_given', given)
    await repo.ledger.book('gift_card_given', given)
    expect(await owed()).toBe(before + 7_000)
    const paid = await paidThrice()
    expect(await owed()).toBe(before + 6_500)
    await repo.ledger.book('gift_card_ended', { about: newId('order'), amount: 1_000, currency: USD, at })
    expect(await owed()).toBe(before + 5_500)
    const reserved = await reserve(paid, 3_800)
    if (reserved.kind !== 'reserved') throw new Error(reserved.kind)
    for (const { id, amount, destination } of reserved.refunds)
      await settle(id, amount, destination === 'card' ? `re_${id}` : null)
    expect(await owed()).toBe(before + 5_800)
    expect(balance(await ledgerOf(repo, paid.first), 'stripe')).toBe(0)
    expect(balance(await ledgerOf(repo, paid.gift), 'stripe')).toBe(0)
  })

  it('has the payment by gift cards once, however often it comes, as a sale', async () => {
    const paid = await paidThrice()
    const { orderId, gift } = paid
    await repo.payments.recordGiftCards({ id: gift, orderId, userId: null, amount: 500, currency: USD, paidAt: now })
    const entries = await ledgerOf(repo, gift)
    expect(entries).toMatchObject([
      { debit: 'gift_cards', credit: 'sales', amount: 500, key: `gift_card_spent:${gift}` },
    ])
  })

  it('keeps what Stripe refunded apart from what was refunded as store credit', async () => {
    const { first } = await paidThrice()
    const id = newId('refund')
    const refund = { ...fresh, id, paymentId: first, amount: 800, destination: 'store_credit' } as const
    expect(await repo.refunds.reserve(refund, aKey())).toMatchObject({ kind: 'reserved' })
    await settle(id, 800, null)
    expect(await repo.payments.find(first)).toMatchObject({
      refundedAmount: 800,
      creditedAmount: 800,
      reservedAmount: 0,
    })
    expect(balance(await ledgerOf(repo, first), 'stripe')).toBe(2_500)
    expect((await repo.reconciliation.bookedPayments([first]))[0]?.booked).toEqual({ captured: 2_500, refunded: 0 })
  })

  it('goes back to the gift cards that paid, whatever is asked for', async () => {
    const { gift } = await paidThrice()
    const refund = { ...fresh, paymentId: gift, amount: 100 } as const
    for (const destination of ['card', 'store_credit'] as const) {
      const made = await repo.refunds.reserve({ ...refund, id: newId('refund'), destination }, aKey())
      expect(made).toMatchObject({ kind: 'reserved', refunds: [{ destination: 'gift_cards' }] })
    }
  })

  it('does not say that anything was captured of a payment by gift cards', async () => {
    const { gift } = await paidThrice()
    const id = newId('refund')
    await repo.refunds.reserve({ ...fresh, id, paymentId: gift, amount: 100 }, aKey())
    await settle(id, 100, null)
    const told = (await eventsOf(repo, gift)).filter(({ type }) => type === 'refund.succeeded')
    expect(told).toMatchObject([{ payload: { amount: 100, capturedAmount: 0 } }])
  })
})

describe('a payment by gift cards', () => {
  it('does not stand in the way of the charge of its order', async () => {
    const orderId = newId('order')
    const gift = newId('payment')
    await repo.payments.recordGiftCards({ id: gift, orderId, userId: null, amount: 500, currency: USD, paidAt: now })
    const { id } = await started(repo, { orderId })
    expect(id).not.toBe(gift)
    expect((await repo.payments.ofOrder(orderId)).map(({ method }) => method).sort()).toEqual(['card', 'gift_card'])
  })
})
