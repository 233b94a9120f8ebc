import { newId } from '@shop/http/ids'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Payment } from '../../src/payments/domain/payment.ts'
import type { TaxRecord } from '../../src/taxes/domain/tax-record.ts'
import { aKey, aRefund, later, now, type Repositories, seen, started, startRepositories, USD } from './support.ts'

let repo: Repositories
beforeAll(async () => {
  repo = await startRepositories()
})
afterAll(() => repo.stop())

/** A captured payment of 25.00 USD, whose order Stripe Tax has taxed. */
async function taxed({ capturedAmount = 2_500, taxCalculationId = 'taxcalc_1' as string | null } = {}) {
  const payment = await started(repo, { taxCalculationId })
  const report = seen(payment.id, 'succeeded', { capturedAmount })
  for (let times = 0; times < 2; times += 1) await repo.payments.recordState(report)
  return payment
}

async function refunded({ id: paymentId }: Payment, amount: number) {
  const refund = aRefund(paymentId, { id: newId('refund'), amount, reason: 'damaged' })
  await repo.refunds.reserve(refund, aKey())
  const stripeRefundId = `re_${refund.id}`
  const report = { refundId: refund.id, stripeRefundId, amount, currency: USD, failure: null, isFailureKnown: false }
  const settle = (state: 'succeeded' | 'failed') => repo.refunds.settle({ ...report, state, now: later(5) })
  for (let times = 0; times < 2; times += 1) await settle('succeeded')
  return { id: refund.id, comeBack: () => settle('failed') }
}

const claimAt = (seconds: number) =>
  repo.taxRecords.claimDue({ now: later(seconds), leaseUntil: later(seconds + 30), limit: 100 })
const ofPayment = (records: TaxRecord[], { id }: Payment) => records.filter(({ paymentId }) => paymentId === id)
const record = (reference: string) =>
  repo.taxRecords.settle({ reference, state: 'recorded', stripeId: `tax_${reference}`, now: later(60) })

describe('the tax of a captured payment', () => {
  it('is to be recorded once, however often the capture is reported', async () => {
    const payment = await taxed()
    expect(ofPayment(await claimAt(100), payment)).toEqual([
      {
        ...{ reference: payment.orderId, kind: 'sale', paymentId: payment.id, calculationId: 'taxcalc_1' },
        ...{ original: null, amount: 2_500, currency: 'USD', attempts: 1 },
      },
    ])
    expect(ofPayment(await claimAt(129), payment)).toEqual([])
    expect(ofPayment(await claimAt(130), payment)).toMatchObject([{ attempts: 2 }])
    await record(payment.orderId)
    expect(ofPayment(await claimAt(1_000), payment)).toEqual([])
  })

  it('is not to be recorded where the shop’s own rates apply', async () => {
    const payment = await taxed({ taxCalculationId: null })
    await refunded(payment, 2_500)
    expect(ofPayment(await claimAt(2_000), payment)).toEqual([])
  })

  it('is reversed for what was not captured, after the sale', async () => {
    const payment = await taxed({ capturedAmount: 2_000 })
    expect(ofPayment(await claimAt(3_000), payment)).toMatchObject([{ kind: 'sale', amount: 2_500 }])
    await record(payment.orderId)
    expect(ofPayment(await claimAt(3_001), payment)).toMatchObject([
      {
        ...{ reference: `${payment.id}_uncaptured`, kind: 'uncaptured', amount: 500 },
        original: { stripeId: `tax_${payment.orderId}`, amount: 2_500 },
      },
    ])
  })
})

describe('the tax of a refund', () => {
  it('is to be reversed once, after the sale was recorded', async () => {
    const payment = await taxed()
    const refund = await refunded(payment, 1_000)
    expect(ofPayment(await claimAt(4_000), payment)).toMatchObject([{ kind: 'sale' }])
    await record(payment.orderId)
    expect(ofPayment(await claimAt(4_001), payment)).toMatchObject([
      { reference: refund.id, kind: 'refund', amount: 1_000, calculationId: null },
    ])
  })

  it('of what gift cards paid is reversed of the sale of their order, which they are a part of', async () => {
    const payment = await started(repo, { taxCalculationId: 'taxcalc_1' })
    const { orderId } = payment
    const gift = newId('payment')
    await repo.payments.recordGiftCards({ id: gift, orderId, userId: null, amount: 500, currency: USD, paidAt: now })
    await repo.payments.recordState(seen(payment.id, 'succeeded'))
    expect(ofPayment(await claimAt(4_500), payment)).toMatchObject([{ kind: 'sale', amount: 3_000 }])
    await record(orderId)
    const id = newId('refund')
    await repo.refunds.reserve(aRefund(gift, { id, amount: 200, reason: 'damaged' }), aKey())
    const report = {
      refundId: id,
      stripeRefundId: null,
      amount: 200,
      currency: USD,
      failure: null,
      isFailureKnown: false,
    }
    await repo.refunds.settle({ ...report, state: 'succeeded', now: later(5) })
    expect((await claimAt(4_501)).filter(({ paymentId }) => paymentId === gift)).toMatchObject([
      { reference: id, kind: 'refund', amount: 200, original: { stripeId: `tax_${orderId}`, amount: 3_000 } },
    ])
  })

  it('is to be restored when the bank returns the refund', async () => {
    const payment = await taxed()
    const refund = await refunded(payment, 1_000)
    await refund.comeBack()
    await claimAt(5_000)
    await record(payment.orderId)
    expect(ofPayment(await claimAt(5_001), payment)).toMatchObject([{ reference: refund.id }])
    await record(refund.id)
    expect(ofPayment(await claimAt(5_002), payment)).toMatchObject([
      {
        ...{ reference: `${refund.id}_returned`, kind: 'refund_returned', amount: 1_000 },
        original: { stripeId: `tax_${refund.id}`, amount: 1_000 },
      },
    ])
  })

  it('is claimed when Stripe has refused the sale, so that it can be refused too', async () => {
    const payment = await taxed()
    await refunded(payment, 2_500)
    await claimAt(6_000)
    const refused = { state: 'refused', failure: 'resource_missing' } as const
    await repo.taxRecords.settle({ reference: payment.orderId, ...refused, now: later(6_001) })
    expect(ofPayment(await claimAt(6_001), payment)).toMatchObject([{ original: { stripeId: null } }])
  })
})

describe('a tax record', () => {
  it('is claimed by one of several sweeps', async () => {
    const payment = await taxed()
    const claims = await Promise.all([1, 2, 3].map(() => claimAt(7_000)))
    expect(ofPayment(claims.flat(), payment)).toHaveLength(1)
  })

  it('is due again when it was postponed to, and not after it was settled', async () => {
    const payment = await taxed()
    await claimAt(8_000)
    await repo.taxRecords.postpone(payment.orderId, later(9_000))
    expect(ofPayment(await claimAt(8_999), payment)).toEqual([])
    expect(ofPayment(await claimAt(9_000), payment)).toHaveLength(1)
  })
})
