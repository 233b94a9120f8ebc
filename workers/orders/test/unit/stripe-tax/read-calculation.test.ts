import { describe, expect, it } from 'vitest'
import { readCalculation } from '../../../src/stripe-tax/read-calculation.ts'
import { aStripeCalculation, aTaxAnswer, aTaxRequest, stripeLine, stripePart } from '../../support/stripe-tax.ts'

const withLines = (...data: object[]) => aStripeCalculation({ line_items: { has_more: false, data } })
const second = stripeLine('1', 500)

describe('a calculation of Stripe Tax', () => {
  it('has the taxes of each line and of shipping', () => {
    const { kind: _, ...calculation } = aTaxAnswer()
    expect(readCalculation(aStripeCalculation(), aTaxRequest())).toEqual(calculation)
  })

  it('knows that a business owes the tax itself', () => {
    const reversed = { taxability_reason: 'reverse_charge', tax_rate_details: null }
    const free = { amount_tax: 0, tax_breakdown: [stripePart(0, reversed)] }
    const answer = {
      ...withLines(stripeLine('0', 1_000, free), stripeLine('1', 500, free)),
      shipping_cost: { amount: 400, ...free },
    }
    expect(readCalculation(answer, aTaxRequest())).toMatchObject({ isReversed: true, shipping: [] })
    const partly = { ...answer, shipping_cost: aStripeCalculation().shipping_cost }
    expect(readCalculation(partly, aTaxRequest())).toMatchObject({ isReversed: false })
  })

  it('without shipping needs none', () => {
    const answer = aStripeCalculation({ shipping_cost: null })
    expect(readCalculation(answer, aTaxRequest({ shipping: 0 }))).toMatchObject({ shipping: [] })
  })

  it.each([
    ['is no object', 'ok'],
    ['has no id', aStripeCalculation({ id: null })],
    ['lacks a line', withLines(stripeLine('0', 1_000))],
    ['has a line too many', withLines(stripeLine('0', 1_000), second, stripeLine('2', 1))],
    ['has a line twice', withLines(stripeLine('0', 1_000), second, second)],
    ['has another amount for a line', withLines(stripeLine('0', 999), second)],
    ['has a negative tax', withLines(stripeLine('0', 1_000, { amount_tax: -1 }), second)],
    ['has a tax that nothing explains', withLines(stripeLine('0', 1_000, { tax_breakdown: [] }), second)],
    ['has a part of a cent', withLines(stripeLine('0', 1_000, { amount_tax: 0.5 }), second)],
    ['has more lines than it shows', aStripeCalculation({ line_items: { has_more: true, data: [] } })],
    ['lacks shipping', aStripeCalculation({ shipping_cost: null })],
    ['has another price of shipping', aStripeCalculation({ shipping_cost: { ...stripeLine('s', 300) } })],
  ])('is not taken if it %s', (_, answer) => {
    expect(readCalculation(answer, aTaxRequest())).toBeUndefined()
  })

  it('is not taken if the tax exceeds a price that includes it', () => {
    const tax = { amount_tax: 1_001, tax_breakdown: [stripePart(1_001)] }
    const answer = withLines(stripeLine('0', 1_000, tax), second)
    expect(readCalculation(answer, aTaxRequest({ pricesIncludeTax: true }))).toBeUndefined()
    expect(readCalculation(answer, aTaxRequest())).toBeDefined()
  })
})
