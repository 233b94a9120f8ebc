import { isWellFormed } from '@shop/contracts/events/delivery'
import { newId } from '@shop/http/ids'
import type { PaymentId } from '@shop/kernel/ids'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DisputeObservation } from '../../src/disputes/repository.ts'
import type { Refund } from '../../src/refunds/domain/refund.ts'
import {
  aKey,
  aRefund,
  captured,
  eventsOf,
  later,
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

/**
 * Delivers all due events to orders, as the sweep does.
 *
 * @returns the types of the payment's events in their order
 */
async function deliver(paymentId: PaymentId, at = later(3_600)): Promise<string[]> {
  const types: string[] = []
  for (;;) {
    const due = await repo.events.pull({ consumer: 'orders', limit: 1_000, now: at })
    if (due.length === 0) return types
    types.push(...due.filter(({ key }) => key === paymentId).map(({ type }) => type))
    const receipts = due.map(({ id }) => ({ eventId: id, outcome: 'done' as const }))
    await repo.events.settle({ consumer: 'orders', receipts, now: at })
  }
}

const outcome = (refundId: `refund_${string}`, over = {}) => ({
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

describe('the events of a payment', () => {
  it('are one for each state, with the version as sequence and a payload that matches the event catalogue', async () => {
    const { id, orderId, userId } = await started(repo)
    for (const [second, state] of [
      [1, 'requires_action'],
      [2, 'processing'],
      [3, 'processing'],
      [4, 'succeeded'],
    ] as const) {
      await repo.payments.recordState(seen(id, state, { observedAt: later(second) }))
    }
    const events = await eventsOf(repo, id)
    expect(events.map(({ type }) => type)).toEqual([
      'payment.created',
      'payment.requires_action',
      'payment.processing',
      'payment.captured',
    ])
    expect(events.every(isWellFormed)).toBe(true)
    expect(events.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 5])
    expect(events.at(-1)?.payload).toEqual({
      paymentId: id,
      orderId,
      chargeNo: 1,
      userId,
      state: 'succeeded',
      captureMethod: 'automatic',
      amount: 2_500,
      currency: 'USD',
      capturedAmount: 2_500,
      capturedBefore: 0,
      refundedAmount: 0,
      declineCode: null,
    })
    const toOrders = events.filter(({ deliveries }) => deliveries.some(({ consumer }) => consumer === 'orders'))
    expect(toOrders.map(({ type }) => type)).toEqual(['payment.captured'])
  })

  it('report each decline', async () => {
    const { id } = await started(repo)
    for (const [second, declineCode] of [
      [1, 'expired_card'],
      [2, 'expired_card'],
      [3, 'insufficient_funds'],
    ] as const) {
      await repo.payments.recordState(seen(id, 'requires_payment_method', { declineCode, observedAt: later(second) }))
    }
    const declines = (await eventsOf(repo, id)).map(({ payload }) => 'declineCode' in payload && payload.declineCode)
    expect(declines).toEqual([null, 'expired_card', 'insufficient_funds'])
  })

  it('report the end of an attempt that Stripe refused', async () => {
    const payment = await started(repo)
    await repo.payments.endAttempt(payment, now)
    expect((await eventsOf(repo, payment.id)).map(({ type }) => type)).toEqual(['payment.created', 'payment.canceled'])
  })

  it('report nothing about an attempt, which changes no state', async () => {
    const { id } = await started(repo)
    await repo.payments.recordState(seen(id, 'requires_action', { attempt: 1 }))
    const open = await repo.payments.find(id)
    if (open === undefined) throw new Error('not found')
    const cards = { userId: null, saves: false }
    await repo.payments.claimAttempt(open, { method: 'pm_card_visa', cards, until: later(60), now })
    expect(await eventsOf(repo, id)).toHaveLength(2)
  })

  it('may be delivered at once if no earlier event waits, and otherwise in their order', async () => {
    const { id } = await started(repo, { captureMethod: 'manual' })
    const authorized = await repo.payments.recordState(seen(id, 'requires_capture'))
    expect(authorized).toMatchObject({
      isNew: true,
      announcement: { isNext: true, event: { type: 'payment.authorized' } },
    })
    const taken = await repo.payments.recordState(seen(id, 'succeeded', { observedAt: later(2) }))
    expect(taken).toMatchObject({ isNew: true, announcement: { isNext: false, event: { type: 'payment.captured' } } })
    expect(await deliver(id)).toEqual(['payment.authorized', 'payment.captured'])
  })

  it('are found again by a reply without news', async () => {
    const { id } = await captured(repo)
    const again = await repo.payments.recordState(seen(id, 'succeeded', { attempt: 1 }))
    expect(again).toMatchObject({ isNew: false, announcement: { isNext: true, event: { type: 'payment.captured' } } })
  })

  it('are left to the sweep for ten seconds, since their writer delivers them', async () => {
    const { id } = await captured(repo)
    const pulled = async (at: Date) =>
      (await repo.events.pull({ consumer: 'orders', limit: 1_000, now: at })).filter(({ key }) => key === id)
    expect(await pulled(later(10))).toEqual([])
    expect(await pulled(later(12))).toHaveLength(1)
  })
})

describe('two parts of a refund of one payment', () => {
  /** Two reserved parts, after an order has confirmed the capture. */
  async function twoParts() {
    const payment = await captured(repo)
    await deliver(payment.id)
    const { orderId } = payment
    const ids = [newId('refund'), newId('refund')]
    const made = await repo.refunds.reserveDue({ ...aRefund(payment.id), ids, orderId, amount: 1_250, given: 700 })
    if (made === 'not_yet') throw new Error(made)
    return { payment, parts: made }
  }
  const settlePart = (part?: Refund) => {
    if (part === undefined) throw new Error('A part is missing')
    return repo.refunds.settle(outcome(part.id, { amount: part.amount, stripeRefundId: null }))
  }
  const confirm = (eventId = 0) =>
    repo.events.settle({ consumer: 'orders', receipts: [{ eventId, outcome: 'done' }], now: later(6) })
  const due = async (paymentId: PaymentId) =>
    (await repo.events.pull({ consumer: 'orders', limit: 1_000, now: later(6) })).filter(({ key }) => key === paymentId)

  it('are told one after the other: the second is due as soon as the first is confirmed', async () => {
    const { payment, parts } = await twoParts()
    const first = await settlePart(parts[0])
    expect(first?.announcement).toMatchObject({ isNext: true })
    const second = await settlePart(parts[1])
    expect(second?.announcement).toMatchObject({ isNext: false })
    expect(await due(payment.id)).toEqual([])
    expect(await confirm(first?.announcement?.event.id)).toBe(1)
    expect(await due(payment.id)).toMatchObject([{ id: second?.announcement?.event.id }])
    expect(await confirm(first?.announcement?.event.id)).toBe(0)
  })

  it('are not due by a failure of the first, whose delivery is repeated', async () => {
    const { payment, parts } = await twoParts()
    const first = await settlePart(parts[0])
    await settlePart(parts[1])
    const receipts = [{ eventId: first?.announcement?.event.id ?? 0, outcome: 'failed', failure: 'not_yet' } as const]
    expect(await repo.events.settle({ consumer: 'orders', receipts, now: later(6) })).toBe(0)
    expect(await due(payment.id)).toEqual([])
  })

  it('are both told at once however the first is confirmed while the second is made', async () => {
    const seenBy = { writer: 0, confirmation: 0 }
    for (let round = 0; round < 40; round += 1) {
      const { parts } = await twoParts()
      const first = await settlePart(parts[0])
      const [second, nowDue] = await Promise.all([settlePart(parts[1]), confirm(first?.announcement?.event.id)])
      seenBy.writer += Number(second?.announcement?.isNext)
      seenBy.confirmation += nowDue
      expect(seenBy.writer + seenBy.confirmation, `round ${round}`).toBe(round + 1)
    }
  })
})

describe('the events of a refund', () => {
  it('have the payment as key and its version as sequence', async () => {
    const payment = await captured(repo)
    const reserved = await repo.refunds.reserve(aRefund(payment.id, { amount: 1_000 }), aKey())
    if (reserved.kind !== 'reserved') throw new Error(reserved.kind)
    await repo.refunds.settle(outcome(reserved.refunds[0].id, { amount: 1_000 }))
    await repo.refunds.settle(outcome(reserved.refunds[0].id, { amount: 1_000, state: 'failed', failure: 'closed' }))
    const events = (await eventsOf(repo, payment.id)).filter(({ type }) => type.startsWith('refund.'))
    expect(events.map(({ type }) => type)).toEqual(['refund.created', 'refund.succeeded', 'refund.returned'])
    expect(events.every(isWellFormed)).toBe(true)
    const { version } = payment
    expect(events.map(({ sequence }) => sequence)).toEqual([version + 1, version + 2, version + 3])
    expect(events[1]?.payload).toEqual({
      refundId: reserved.refunds[0].id,
      paymentId: payment.id,
      orderId: payment.orderId,
      amount: 1_000,
      currency: 'USD',
      state: 'succeeded',
      capturedAmount: 2_500,
    })
  })

  it('report a failure to orders, which may owe the money', async () => {
    const payment = await captured(repo)
    const refund = await repo.refunds.reserveAutomatic(aRefund(payment.id))
    if (refund === undefined) throw new Error('nothing left')
    await repo.refunds.settle(outcome(refund.id, { state: 'failed', failure: 'declined' }))
    const failed = (await eventsOf(repo, payment.id)).at(-1)
    expect(failed).toMatchObject({
      type: 'refund.failed',
      deliveries: [{ consumer: 'orders', status: 'pending' }, { consumer: 'webhooks' }],
    })
  })

  it('get the reason and actor at delivery', async () => {
    const payment = await captured(repo)
    const actor = { kind: 'staff', userId: 'user_1' } as const
    const reserved = await repo.refunds.reserve(aRefund(payment.id, { reason: 'One cup was broken', actor }), aKey())
    if (reserved.kind !== 'reserved') throw new Error(reserved.kind)
    const { id } = reserved.refunds[0]
    expect((await repo.refunds.details([id])).get(id)).toMatchObject({
      refund: { reason: 'One cup was broken', actor },
      isSkipped: false,
    })
    expect(JSON.stringify(await eventsOf(repo, payment.id))).not.toContain('cup')
  })

  it('show at delivery that staff have skipped the event of its success', async () => {
    const payment = await captured(repo)
    const refund = await repo.refunds.reserveAutomatic(aRefund(payment.id))
    if (refund === undefined) throw new Error('nothing left')
    await repo.refunds.settle(outcome(refund.id))
    const told = async () => (await repo.refunds.details([refund.id])).get(refund.id)?.isSkipped
    expect(await told()).toBe(false)
    const event = (await eventsOf(repo, payment.id)).find(({ type }) => type === 'refund.succeeded')
    await repo.events.skip({ eventId: event?.id ?? 0, consumer: 'orders', now: later(60) })
    expect(await told()).toBe(true)
  })
})

describe('the events of a dispute', () => {
  it('are one for each change that is visible to staff', async () => {
    const payment = await captured(repo)
    const dispute: DisputeObservation = {
      id: `du_${crypto.randomUUID()}`,
      paymentId: payment.id,
      intentId: payment.intentId ?? '',
      amount: 2_500,
      currency: USD,
      reason: 'fraudulent',
      status: 'needs_response',
      evidenceDueAt: null,
      createdAt: later(10),
      closedAt: null,
      isWithdrawn: true,
      isReinstated: false,
      observedAt: later(10),
    }
    const reports = [
      dispute,
      dispute,
      { ...dispute, status: 'under_review', observedAt: later(20) },
      { ...dispute, status: 'lost', closedAt: later(30), observedAt: later(30) },
      dispute,
    ]
    for (const report of reports) await repo.disputes.record(report, undefined)
    const events = (await eventsOf(repo, payment.id)).filter(({ type }) => type.startsWith('dispute.'))
    expect(events.map(({ type, sequence }) => [type, sequence - payment.version])).toEqual([
      ['dispute.created', 1],
      ['dispute.updated', 2],
      ['dispute.closed', 3],
    ])
    expect(events.every(isWellFormed)).toBe(true)
  })
})
