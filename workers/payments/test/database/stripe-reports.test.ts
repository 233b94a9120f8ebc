import { currency } from '@shop/kernel/currencies'
import type { PaymentId } from '@shop/kernel/ids'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DisputeObservation } from '../../src/disputes/repository.ts'
import { later, now, type Repositories, seen, started, startRepositories, USD } from './support.ts'

let repo: Repositories

beforeAll(async () => {
  repo = await startRepositories()
})
afterAll(() => repo.stop())

const aName = (prefix: string) => `${prefix}_${crypto.randomUUID()}`
const anEvent = (type: string) => ({ id: aName('evt'), type, payload: { type }, createdAt: now, receivedAt: later(1) })

/** A payment of 25.00 USD that was captured. */
async function paid(): Promise<{ id: PaymentId; intentId: string }> {
  const { id } = await started(repo)
  const intentId = aName('pi')
  await repo.payments.recordState(seen(id, 'succeeded', { intentId }))
  return { id, intentId }
}

async function booked(paymentId: PaymentId): Promise<string[]> {
  const found = await repo.db.execute<{ row: string }>(
    sql`select debit || ' ' || credit || ' ' || amount as row from payments.ledger
        where payment_id = ${paymentId} and dispute_id is not null order by id`,
  )
  return found.rows.map(({ row }) => row)
}

describe('a dispute', () => {
  const opened = async (over: Partial<DisputeObservation> = {}): Promise<DisputeObservation> => {
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
  const closedAs = (dispute: DisputeObservation, status: string): DisputeObservation => ({
    ...dispute,
    status,
    closedAt: later(100),
    observedAt: later(100),
    isReinstated: status === 'won',
  })
  const statusOf = async ({ paymentId }: DisputeObservation) =>
    (await repo.disputes.ofPayment(paymentId)).map((it) => it.status)

  it('is told with what banks hold and have returned of all payments of its order', async () => {
    const first = await opened()
    const { orderId } = (await repo.payments.find(first.paymentId)) ?? {}
    if (orderId === undefined) throw new Error('There is no payment')
    const second = await started(repo, { orderId, chargeNo: 2 })
    await repo.payments.recordState(seen(second.id, 'succeeded'))
    await repo.disputes.record(closedAs(first, 'lost'), undefined)
    const other = await opened({ paymentId: second.id, amount: 700 })
    expect(await repo.disputes.record(other, undefined)).toMatchObject({
      event: { details: { orderId, disputed: 700, chargedBack: 2_000 } },
    })
  })

  it('is told to orders once for each change, with what banks hold of the payment and have returned', async () => {
    const dispute = await opened()
    const { orderId } = (await repo.payments.find(dispute.paymentId)) ?? {}
    expect(await repo.disputes.record(dispute, undefined)).toMatchObject({
      event: { type: 'dispute.created', details: { orderId, disputed: 2_000, chargedBack: 0 } },
    })
    expect(await repo.disputes.record(dispute, undefined)).toBeUndefined()
    expect(await repo.disputes.record(closedAs(dispute, 'lost'), undefined)).toMatchObject({
      event: { type: 'dispute.closed', details: { disputed: 0, chargedBack: 2_000 } },
    })
  })

  it.each([
    ['open', { status: 'under_review' }, { disputed: 2_000, chargedBack: 0 }],
    ['won', { status: 'won', closedAt: later(100) }, { disputed: 0, chargedBack: 0 }],
    ['only an inquiry', { status: 'warning_needs_response', isWithdrawn: false }, { disputed: 0, chargedBack: 0 }],
  ])('that is %s holds the money, or does not', async (_, over, details) => {
    const dispute = await opened(over)
    await repo.disputes.record(dispute, undefined)
    expect((await repo.disputes.details([dispute.paymentId])).get(dispute.paymentId)).toMatchObject(details)
  })

  it('books the withdrawn money once, however often it is reported', async () => {
    const dispute = await opened()
    await Promise.all(Array.from({ length: 5 }, () => repo.disputes.record(dispute, anEvent('charge.dispute.created'))))
    const { isWithdrawn: _w, isReinstated: _r, observedAt: _o, intentId: _i, ...kept } = dispute
    expect(await repo.disputes.ofPayment(dispute.paymentId)).toEqual([kept])
    expect(await booked(dispute.paymentId)).toEqual(['disputes stripe 2000'])
  })

  it('returns the money when it is won, and charges it back when it is lost', async () => {
    const won = await opened()
    await repo.disputes.record(won, undefined)
    await repo.disputes.record(closedAs(won, 'won'), undefined)
    expect([await statusOf(won), await booked(won.paymentId)]).toEqual([
      ['won'],
      ['disputes stripe 2000', 'stripe disputes 2000'],
    ])
    const lost = await opened()
    await repo.disputes.record(lost, undefined)
    await repo.disputes.record(closedAs(lost, 'lost'), undefined)
    expect([await statusOf(lost), await booked(lost.paymentId)]).toEqual([
      ['lost'],
      ['disputes stripe 2000', 'chargebacks disputes 2000'],
    ])
  })

  it('has the same result when its end is reported before its start', async () => {
    const dispute = await opened()
    await repo.disputes.record(closedAs(dispute, 'won'), anEvent('charge.dispute.closed'))
    await repo.disputes.record(dispute, anEvent('charge.dispute.created'))
    expect(await statusOf(dispute)).toEqual(['won'])
    expect((await booked(dispute.paymentId)).toSorted()).toEqual(['disputes stripe 2000', 'stripe disputes 2000'])
  })

  it('moves no money while the bank only inquires', async () => {
    const dispute = await opened({ status: 'warning_needs_response', isWithdrawn: false })
    await repo.disputes.record(dispute, undefined)
    expect(await booked(dispute.paymentId)).toEqual([])
  })

  it('is listed newest first, page by page', async () => {
    const created = [later(70_001), later(70_002), later(70_002)]
    const ids = await Promise.all(
      created.map(async (createdAt) => {
        const dispute = await opened({ createdAt })
        await repo.disputes.record(dispute, undefined)
        return dispute.id
      }),
    )
    const newest = ids.slice(1).toSorted().toReversed()
    const first = await repo.disputes.list({ after: undefined, limit: 2 })
    expect(first.map(({ id }) => id)).toEqual(newest)
    const last = first.at(-1)
    const after = { at: last?.createdAt.toISOString() ?? '', id: last?.id ?? '' }
    expect((await repo.disputes.list({ after, limit: 1 })).map(({ id }) => id)).toEqual(ids.slice(0, 1))
  })
})

describe('a webhook event', () => {
  it.each([
    ['another_amount', { amount: 1 }],
    ['another_currency', { currency: currency('EUR') }],
    ['another_intent', { intentId: 'pi_another' }],
  ] as const)('with %s is stored with that flag and changes nothing', async (flag, over) => {
    const { id, intentId } = await paid()
    const event = anEvent('payment_intent.succeeded')
    await repo.payments.recordState({ ...seen(id, 'requires_action', { intentId }), ...over }, event)
    const found = await repo.webhookEvents.listFlagged({ after: undefined, limit: 100 })
    expect(found.find((kept) => kept.id === event.id)).toMatchObject({ flag, type: event.type })
  })

  it('that matches the payment is stored without a flag', async () => {
    const { id, intentId } = await paid()
    const event = anEvent('payment_intent.processing')
    await repo.payments.recordState(seen(id, 'requires_action', { intentId }), event)
    const found = await repo.webhookEvents.listFlagged({ after: undefined, limit: 100 })
    expect(found.map((kept) => kept.id)).not.toContain(event.id)
  })

  it('is stored once, and flagged ones are listed newest first, page by page', async () => {
    const ids = await Promise.all(
      [90_001, 90_002].map(async (seconds) => {
        const event = { ...anEvent('charge.refunded'), receivedAt: later(seconds) }
        const stored = { ...event, intentId: null, outcome: 'flagged', flag: 'another_mode' } as const
        await Promise.all([repo.webhookEvents.store(stored), repo.webhookEvents.store(stored)])
        return event.id
      }),
    )
    const [first] = await repo.webhookEvents.listFlagged({ after: undefined, limit: 1 })
    expect(first?.id).toBe(ids[1])
    const after = { at: first?.receivedAt.toISOString() ?? '', id: first?.id ?? '' }
    expect((await repo.webhookEvents.listFlagged({ after, limit: 1 }))[0]?.id).toBe(ids[0])
  })
})

describe('a discrepancy', () => {
  const found = (subject: string) =>
    ({ kind: 'captured_differs', subject, paymentId: null, stripe: '25 USD', shop: '20 USD', foundAt: now }) as const
  const openOf = async (subject: string) =>
    (await repo.discrepancies.listOpen({ after: undefined, limit: 100 })).filter((it) => it.subject === subject)

  it('is recorded once, closed when it is gone, and reopened when it recurs', async () => {
    const subject = aName('pi')
    await repo.discrepancies.record(found(subject))
    await repo.discrepancies.record({ ...found(subject), stripe: '24 USD', foundAt: later(60) })
    expect(await openOf(subject)).toEqual([{ ...found(subject), id: expect.any(Number), stripe: '24 USD' }])
    const looked = { subjects: [subject], kinds: ['captured_differs' as const], now: later(70) }
    await repo.discrepancies.closeOthers({ ...looked, found: [{ subject, kind: 'captured_differs' }] })
    expect(await openOf(subject)).toHaveLength(1)
    await repo.discrepancies.closeOthers({ ...looked, found: [] })
    expect(await openOf(subject)).toEqual([])
    await repo.discrepancies.record({ ...found(subject), foundAt: later(80) })
    expect(await openOf(subject)).toMatchObject([{ foundAt: later(80) }])
  })
})

describe('old webhook events', () => {
  it('are deleted after 90 days, except flagged ones', async () => {
    const at = (days: number) => later(-days * 24 * 3_600)
    const kept = { outcome: 'ignored', flag: null, intentId: null } as const
    await repo.webhookEvents.store({ ...anEvent('old'), ...kept, receivedAt: at(91) })
    await repo.webhookEvents.store({ ...anEvent('recent'), ...kept, receivedAt: at(89) })
    await repo.webhookEvents.store({
      ...anEvent('strange'),
      ...kept,
      outcome: 'flagged',
      flag: 'another_amount',
      receivedAt: at(91),
    })
    await repo.webhookEvents.prune(now)
    const { rows } = await repo.db.execute<{ type: string }>(sql`
      select type from payments.stripe_events where type in ('old', 'recent', 'strange') order by type`)
    expect(rows.map(({ type }) => type)).toEqual(['recent', 'strange'])
  })
})
