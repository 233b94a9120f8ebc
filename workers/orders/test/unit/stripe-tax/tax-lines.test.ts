import { describe, expect, it } from 'vitest'
import { type TaxPart, toTaxLines } from '../../../src/stripe-tax/domain/tax-lines.ts'

const aPart = (amount: number, percentage: string, over: Partial<TaxPart> = {}): TaxPart => ({
  ...{ amount, country: 'US', state: 'CA', type: 'sales_tax', name: 'Sales Tax', percentage },
  ...over,
})

describe('the taxes of a line', () => {
  it('of the authorities of one place are one, with their rates together', () => {
    expect(toTaxLines(73, [aPart(60, '6.0'), aPart(13, '1.25')])).toEqual([
      { rateId: 'stripe:US-CA-sales_tax-0.0725', name: 'Sales Tax', rate: '0.0725', amount: 73 },
    ])
  })

  it('of several kinds are one each', () => {
    const canada = { country: 'CA', state: null, type: 'gst', name: 'GST' }
    const quebec = { country: 'CA', state: 'QC', type: 'qst', name: 'QST' }
    expect(toTaxLines(150, [aPart(50, '5.0', canada), aPart(100, '9.975', quebec)])).toEqual([
      { rateId: 'stripe:CA-gst-0.05', name: 'GST', rate: '0.05', amount: 50 },
      { rateId: 'stripe:CA-QC-qst-0.09975', name: 'QST', rate: '0.09975', amount: 100 },
    ])
  })

  it.each([
    ['19.0', '0.19'],
    ['8.375', '0.08375'],
    ['0.0', '0'],
    ['0.125', '0.00125'],
    ['100', '1'],
    ['125.5', '1.255'],
  ])('have a rate of %s %% as the fraction %s', (percentage, rate) => {
    expect(toTaxLines(1, [aPart(1, percentage)])?.[0]?.rate).toBe(rate)
  })

  it('add up to the tax of the line, however Stripe has rounded its parts', () => {
    const parts = [aPart(33, '5.0'), aPart(33, '5.0', { state: null }), aPart(33, '5.0', { type: 'gst' })]
    expect(toTaxLines(100, parts)?.map(({ amount }) => amount)).toEqual([34, 33, 33])
  })

  it('are none where none is due, and are shown where the rate is 0', () => {
    expect(toTaxLines(0, [])).toEqual([])
    expect(toTaxLines(0, [aPart(0, '0.0')])).toMatchObject([{ rate: '0', amount: 0 }])
  })

  it('are unknown where nothing explains an amount', () => {
    expect(toTaxLines(5, [])).toBeUndefined()
    expect(toTaxLines(5, [aPart(0, '5.0')])).toBeUndefined()
  })
})
