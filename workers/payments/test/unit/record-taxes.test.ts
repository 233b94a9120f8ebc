import { addSeconds } from '@shop/kernel/time'
import { describe, expect, it } from 'vitest'
import { callOf, type TaxRecord } from '../../src/taxes/domain/tax-record.ts'
import { recordTaxes } from '../../src/taxes/record-taxes.ts'
import { now, PAYMENT_ID, USD } from '../support/builders.ts'
import { aWorld } from '../support/world.ts'

const aSale = (over: Partial<TaxRecord> = {}): TaxRecord => ({
  ...{ reference: 'order_1', kind: 'sale', paymentId: PAYMENT_ID, calculationId: 'taxcalc_1', original: null },
  ...{ amount: 2_500, currency: USD, attempts: 1 },
  ...over,
})
const aReversal = (over: Partial<TaxRecord> = {}): TaxRecord =>
  aSale({
    ...{ reference: 'refund_1', kind: 'refund', calculationId: null, original: { stripeId: 'tax_1', amount: 2_500 } },
    ...over,
  })

describe('what Stripe Tax is asked to record', () => {
  it('is the calculation of a sale, with the order as its reference', () => {
    const call = { call: 'record', reference: 'order_1', key: 'tax_order_1', calculationId: 'taxcalc_1' }
    expect(callOf(aSale())).toEqual(call)
  })

  it.each([
    ['a refund of all', {}, 'all'],
    ['a refund of a part', { amount: 1_000 }, 1_000],
    ['what was not captured', { kind: 'uncaptured', amount: 500 }, 500],
    ['a refund that came back', { kind: 'refund_returned', original: { stripeId: 'tax_2', amount: 1_000 } }, 'all'],
  ] as const)('is a reversal for %s', (_, over, amount) => {
    const record = aReversal(over)
    expect(callOf(record)).toMatchObject({ call: 'reverse', originalId: record.original?.stripeId, amount })
  })

  it('is nothing for a reversal of what Stripe has not recorded', () => {
    expect(callOf(aReversal({ original: { stripeId: null, amount: 2_500 } }))).toBeUndefined()
  })

  it('has one key at first, and new ones once the answer to that may be an error that Stripe repeats', () => {
    const keys = [1, 3, 4, 5].map((attempts) => callOf(aSale({ attempts }))?.key)
    expect(keys).toEqual(['tax_order_1', 'tax_order_1', 'tax_order_1_4', 'tax_order_1_5'])
  })
})

describe('a tax record', () => {
  it('is kept with the id of its transaction', async () => {
    const { deps, taxes } = aWorld()
    taxes.due = [aSale(), aReversal()]
    expect(await recordTaxes(deps, 20)).toBe(2)
    expect(taxes.settled).toMatchObject([
      { reference: 'order_1', state: 'recorded', stripeId: 'tax_1' },
      { reference: 'refund_1', state: 'recorded', stripeId: 'tax_2' },
    ])
  })

  it.each([
    [1, 60],
    [3, 240],
    [20, 3_600],
  ])('is tried again after attempt %i without an answer, %i seconds later', async (attempts, seconds) => {
    const { deps, taxes } = aWorld()
    taxes.due = [aSale({ attempts })]
    taxes.answer = { kind: 'unknown' }
    await recordTaxes(deps, 20)
    expect(taxes.postponed).toEqual([['order_1', addSeconds(now, seconds)]])
    expect(taxes.settled).toEqual([])
    expect(deps.warn).toHaveBeenCalledWith('tax_not_recorded', { reference: 'order_1', attempts })
  })

  it('that Stripe refuses is listed for staff, and not tried again', async () => {
    const { deps, taxes, discrepancies } = aWorld()
    taxes.due = [aSale()]
    taxes.answer = { kind: 'refused', reason: 'resource_missing' }
    await recordTaxes(deps, 20)
    expect(taxes.settled).toMatchObject([{ state: 'refused', failure: 'resource_missing' }])
    expect(discrepancies).toEqual([
      {
        ...{ kind: 'tax_not_recorded', subject: 'order_1', paymentId: PAYMENT_ID },
        ...{ stripe: 'resource_missing', shop: '25 USD, sale' },
      },
    ])
  })

  it('of a refund is refused without a call where its sale was refused', async () => {
    const { deps, taxes } = aWorld()
    taxes.due = [aReversal({ original: { stripeId: null, amount: 2_500 } })]
    await recordTaxes(deps, 20)
    expect(taxes.calls).toEqual([])
    expect(taxes.settled).toMatchObject([{ state: 'refused', failure: 'original_not_recorded' }])
  })
})
