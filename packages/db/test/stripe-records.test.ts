import { newId } from '@shop/http/ids'
import { currency, type PaymentId } from '@shop/kernel'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Db } from '../src/client.ts'
import { noteDiscrepancy, openDiscrepancies, resolveDiscrepancies } from '../src/repositories/payments/discrepancies.ts'
import {
  applyDispute,
  type DisputeReport,
  disputesOfPayment,
  listDisputes,
} from '../src/repositories/payments/disputes.ts'
import { applyState, startPayment } from '../src/repositories/payments/index.ts'
import { flaggedEvents, keepEvent, pruneStripeEvents } from '../src/repositories/payments/stripe-events.ts'

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
const aName = (prefix: string) => `${prefix}_${crypto.randomUUID()}`
const anEvent = (type: string) => ({ id: aName('evt'), type, payload: { type }, createdAt: now, receivedAt: later(1) })

/** A payment of 25.00 USD that was captured. */
async function paid(): Promise<{ id: PaymentId; intentId: string }> {
  const { payment } = await startPayment(db, {
    id: newId('payment'),
    orderId: newId('order'),
    userId: newId('user'),
    amount: 2_500,
    currency: USD,
    captureMethod: 'automatic',
    attemptMethod: 'pm_card_visa',
    attemptUntil: later(30),
    createdAt: now,
  })
  const intentId = aName('pi')
  await applyState(db, { ...observation(payment.id, intentId), state: 'succeeded', capturedAmount: 2_500 })
  return { id: payment.id, intentId }
}

const observation = (paymentId: PaymentId, intentId: string) => ({
  paymentId,
  intentId,
  amount: 2_500,
  capturedAmount: 0,
  currency: USD,
  state: 'requires_action' as const,
  clientSecret: 'cs',
  declineCode: null,
  observedAt: later(1),
  attempt: null,
})

async function booked(paymentId: PaymentId): Promise<string[]> {
  const found = await db.execute<{ row: string }>(
    sql`select debit || ' ' || credit || ' ' || amount as row from payments.ledger
        where payment_id = ${paymentId} and dispute_id is not null order by id`,
  )
  return found.rows.map(({ row }) => row)
}

describe('a dispute', () => {
  const opened = async (over: Partial<DisputeReport> = {}): Promise<DisputeReport> => {
    const { id: paymentId, intentId } = await paid()
    return {
      id: aName('du'),
      paymentId,
      intentId,
      amount: 2_000,
      currency: USD,
      reason: 'fraudulent',
      status: 'needs_response',
      evidenceDueAt: later(600_000),
      createdAt: later(10),
      closedAt: null,
      isWithdrawn: true,
      isReinstated: false,
      observedAt: later(10),
      ...over,
    }
  }
  const closedAs = (dispute: DisputeReport, status: string): DisputeReport => ({
    ...dispute,
    status,
    closedAt: later(100),
    observedAt: later(100),
    isReinstated: status === 'won',
  })
  const statusOf = async ({ paymentId }: DisputeReport) =>
    (await disputesOfPayment(db, paymentId)).map((it) => it.status)

  it('takes its money out of the books once, however often it is told', async () => {
    const dispute = await opened()
    await Promise.all(Array.from({ length: 5 }, () => applyDispute(db, dispute, anEvent('charge.dispute.created'))))
    const { isWithdrawn: _w, isReinstated: _r, observedAt: _o, intentId: _i, ...kept } = dispute
    expect(await disputesOfPayment(db, dispute.paymentId)).toEqual([kept])
    expect(await booked(dispute.paymentId)).toEqual(['disputes stripe 2000'])
  })

  it('that is won brings the money back; one that is lost is charged back', async () => {
    const won = await opened()
    await applyDispute(db, won, null)
    await applyDispute(db, closedAs(won, 'won'), null)
    expect([await statusOf(won), await booked(won.paymentId)]).toEqual([
      ['won'],
      ['disputes stripe 2000', 'stripe disputes 2000'],
    ])
    const lost = await opened()
    await applyDispute(db, lost, null)
    await applyDispute(db, closedAs(lost, 'lost'), null)
    expect([await statusOf(lost), await booked(lost.paymentId)]).toEqual([
      ['lost'],
      ['disputes stripe 2000', 'chargebacks disputes 2000'],
    ])
  })

  it('is the same when its end is told before its beginning', async () => {
    const dispute = await opened()
    await applyDispute(db, closedAs(dispute, 'won'), anEvent('charge.dispute.closed'))
    await applyDispute(db, dispute, anEvent('charge.dispute.created'))
    expect(await statusOf(dispute)).toEqual(['won'])
    expect((await booked(dispute.paymentId)).toSorted()).toEqual(['disputes stripe 2000', 'stripe disputes 2000'])
  })

  it('that only asks moves no money', async () => {
    const dispute = await opened({ status: 'warning_needs_response', isWithdrawn: false })
    await applyDispute(db, dispute, null)
    expect(await booked(dispute.paymentId)).toEqual([])
  })

  it('is listed newest first, page by page', async () => {
    const created = [later(70_001), later(70_002), later(70_002)]
    const ids = await Promise.all(
      created.map(async (createdAt) => {
        const dispute = await opened({ createdAt })
        await applyDispute(db, dispute, null)
        return dispute.id
      }),
    )
    const newest = ids.slice(1).toSorted().toReversed()
    const first = await listDisputes(db, { after: undefined, limit: 2 })
    expect(first.map(({ id }) => id)).toEqual(newest)
    const last = first.at(-1)
    const after = { createdAt: last?.createdAt.toISOString() ?? '', id: last?.id ?? '' }
    expect((await listDisputes(db, { after, limit: 1 })).map(({ id }) => id)).toEqual(ids.slice(0, 1))
  })
})

describe('an event', () => {
  it.each([
    ['another_amount', { amount: 1 }],
    ['another_currency', { currency: currency('EUR') }],
    ['another_intent', { intentId: 'pi_another' }],
  ] as const)('with %s is kept with that flag and changes nothing', async (flag, over) => {
    const { id, intentId } = await paid()
    const event = anEvent('payment_intent.succeeded')
    await applyState(db, { ...observation(id, intentId), ...over }, event)
    const found = await flaggedEvents(db, { after: undefined, limit: 100 })
    expect(found.find((kept) => kept.id === event.id)).toMatchObject({ flag, type: event.type })
  })

  it('that fits is kept without one', async () => {
    const { id, intentId } = await paid()
    const event = anEvent('payment_intent.processing')
    await applyState(db, observation(id, intentId), event)
    const found = await flaggedEvents(db, { after: undefined, limit: 100 })
    expect(found.map((kept) => kept.id)).not.toContain(event.id)
  })

  it('is kept once, and those with a flag are listed newest first, page by page', async () => {
    const ids = await Promise.all(
      [90_001, 90_002].map(async (seconds) => {
        const event = { ...anEvent('charge.refunded'), receivedAt: later(seconds) }
        const stored = { ...event, intentId: null, outcome: 'flagged', flag: 'another_mode' } as const
        await Promise.all([keepEvent(db, stored), keepEvent(db, stored)])
        return event.id
      }),
    )
    const [first] = await flaggedEvents(db, { after: undefined, limit: 1 })
    expect(first?.id).toBe(ids[1])
    const after = { receivedAt: first?.receivedAt.toISOString() ?? '', id: first?.id ?? '' }
    expect((await flaggedEvents(db, { after, limit: 1 }))[0]?.id).toBe(ids[0])
  })
})

describe('a difference', () => {
  const found = (subject: string) =>
    ({ kind: 'captured_differs', subject, paymentId: null, stripe: '25 USD', shop: '20 USD', foundAt: now }) as const
  const openOf = async (subject: string) =>
    (await openDiscrepancies(db, { after: undefined, limit: 100 })).filter((it) => it.subject === subject)

  it('is kept once, closed when it is no more, and open again when it comes back', async () => {
    const subject = aName('pi')
    await noteDiscrepancy(db, found(subject))
    await noteDiscrepancy(db, { ...found(subject), stripe: '24 USD', foundAt: later(60) })
    expect(await openOf(subject)).toEqual([{ ...found(subject), id: expect.any(Number), stripe: '24 USD' }])
    const looked = { subjects: [subject], kinds: ['captured_differs' as const], now: later(70) }
    await resolveDiscrepancies(db, { ...looked, still: [{ subject, kind: 'captured_differs' }] })
    expect(await openOf(subject)).toHaveLength(1)
    await resolveDiscrepancies(db, { ...looked, still: [] })
    expect(await openOf(subject)).toEqual([])
    await noteDiscrepancy(db, { ...found(subject), foundAt: later(80) })
    expect(await openOf(subject)).toMatchObject([{ foundAt: later(80) }])
  })
})

describe('old events', () => {
  it('are forgotten after 90 days, but for those that were flagged', async () => {
    const at = (days: number) => later(-days * 24 * 3_600)
    const kept = { outcome: 'ignored', flag: null, intentId: null } as const
    await keepEvent(db, { ...anEvent('old'), ...kept, receivedAt: at(91) })
    await keepEvent(db, { ...anEvent('recent'), ...kept, receivedAt: at(89) })
    await keepEvent(db, {
      ...anEvent('strange'),
      ...kept,
      outcome: 'flagged',
      flag: 'another_amount',
      receivedAt: at(91),
    })
    await pruneStripeEvents(db, now)
    const { rows } = await db.execute<{ type: string }>(sql`
      select type from payments.stripe_events where type in ('old', 'recent', 'strange') order by type`)
    expect(rows.map(({ type }) => type)).toEqual(['recent', 'strange'])
  })
})
