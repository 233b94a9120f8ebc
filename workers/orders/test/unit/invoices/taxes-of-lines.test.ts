import { describe, expect, it } from 'vitest'
import type { LineRefund } from '../../../src/fulfillment/domain/line-refund.ts'
import { shareOf, taxesIn, withAmount } from '../../../src/invoices/domain/invoiced.ts'
import { taxesOfLines } from '../../../src/invoices/domain/taxes-of-lines.ts'
import { aLineRefund, aTaxedOrder } from '../../support/invoiced-orders.ts'

const order = aTaxedOrder()
/** The tax of the last of these refunds, by rate. */
function taxesOfLast(...refunds: LineRefund[]) {
  const last = refunds.at(-1)
  if (last === undefined) throw new Error('No refund')
  return taxesOfLines({ ...order, lineRefunds: refunds }, last).map(({ rateId, amount }) => [rateId, amount])
}
/** A half of the mugs, which have 2.87 of tax: its half is 1.435. */
const half = () => aLineRefund(order, [[0, 1, 900]])
const NO_SHIPPING_TAX = ['standard', 0]

describe('the taxes in a refund by line', () => {
  it('are those from where its part of the line begins to where it ends', () => {
    expect(taxesOfLast(half())).toEqual([['standard', 144]])
    expect(taxesOfLast(half(), half())).toEqual([['standard', 143]])
  })

  it('do not depend on refunds of other lines, on released ones, or on later ones', () => {
    expect(taxesOfLast(aLineRefund(order, [[1, 1, 500]]), half())).toEqual([['standard', 144]])
    expect(taxesOfLast({ ...half(), state: 'released' }, half())).toEqual([['standard', 144]])
    const first = half()
    expect(taxesOfLines({ ...order, lineRefunds: [first, half()] }, first)[0]?.amount).toBe(144)
  })

  it('are those of each line and of shipping, added up by rate', () => {
    const refund = aLineRefund(
      order,
      [
        [0, 2, 1_800],
        [1, 1, 500],
      ],
      { shipping: 490 },
    )
    expect(taxesOfLast(refund)).toEqual([
      ['standard', 365],
      ['reduced', 33],
    ])
    expect(taxesOfLast(aLineRefund(order, [[1, 1, 500]]))).toEqual([['reduced', 33], NO_SHIPPING_TAX])
  })

  it('are of shipping from where the refunds before end', () => {
    const part = () => aLineRefund(order, [], { shipping: 5 })
    const parts = [part(), part(), part()]
    expect(parts.map((_, at) => taxesOfLast(...parts.slice(0, at + 1)))).toEqual([
      ...[[['standard', 1]], [['standard', 1]], [['standard', 0]]],
    ])
  })

  it('end with the line, whatever refunds by line it had', () => {
    expect(taxesOfLast(aLineRefund(order, [[0, 1, 1_200]]), aLineRefund(order, [[0, 1, 900]]))).toEqual([
      ['standard', 96],
    ])
  })

  it('are none of shipping in an order without it', () => {
    const refund = half()
    const unshipped = { ...order, shipping: null, lineRefunds: [refund] }
    expect(taxesOfLines(unshipped, refund)).toEqual([{ rateId: 'standard', name: 'VAT', rate: '0.19', amount: 144 }])
  })
})

describe('what is invoiced', () => {
  const rate = (rateId: string, amount: number) => ({ rateId, name: 'VAT', rate: '0.19', amount })
  const invoiced = { total: 1_000, taxLines: [rate('a', 100)], isByLine: true }

  it('grows by an invoice, also by taxes of a new rate, and shrinks by a credit note', () => {
    const more = { total: 300, taxLines: [rate('a', 10), rate('b', 20)] }
    expect(withAmount(invoiced, more, 1)).toEqual({
      ...{ total: 1_300, taxLines: [rate('a', 110), rate('b', 20)], isByLine: true },
    })
    expect(withAmount(invoiced, more, -1)).toEqual({
      ...{ total: 700, taxLines: [rate('a', 90), rate('b', 0)], isByLine: true },
    })
  })

  it('divides its taxes in proportion, half a unit up', () => {
    expect(taxesIn(invoiced, 105)).toEqual([rate('a', 11)])
    expect(taxesIn(invoiced, 104)).toEqual([rate('a', 10)])
    expect(shareOf(5, 0, 0)).toBe(0)
    expect(shareOf(2 ** 52, 3, 3)).toBe(2 ** 52)
  })
})
