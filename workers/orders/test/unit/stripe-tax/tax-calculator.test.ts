import { addSeconds } from '@shop/kernel/time'
import { describe, expect, it } from 'vitest'
import type { TaxAnswer } from '../../../src/stripe-tax/domain/tax-answer.ts'
import type { TaxRequest } from '../../../src/stripe-tax/domain/tax-request.ts'
import { taxCalculator } from '../../../src/stripe-tax/tax-calculator.ts'
import { aTaxAnswer, aTaxRequest } from '../../support/stripe-tax.ts'
import { NOW } from '../../support/test-deps.ts'

/** A calculator that counts how often it asks, each answer with an id of its own. */
function counting(answers?: TaxAnswer) {
  const asked: TaxRequest[] = []
  const clock = { now: NOW }
  const calculator = taxCalculator(
    async (request) => {
      asked.push(request)
      return answers ?? aTaxAnswer({ calculationId: `taxcalc_${asked.length}` })
    },
    () => clock.now,
  )
  const passSeconds = (seconds: number) => {
    clock.now = addSeconds(clock.now, seconds)
  }
  return { calculator, asked, passSeconds }
}

describe('a tax calculation', () => {
  it('is asked for once in ten minutes, for the same purchase', async () => {
    const { calculator, asked, passSeconds } = counting()
    const first = await calculator.calculate(aTaxRequest())
    passSeconds(599)
    expect(await calculator.calculate(aTaxRequest())).toEqual(first)
    passSeconds(1)
    expect(await calculator.calculate(aTaxRequest())).toMatchObject({ calculationId: 'taxcalc_2' })
    expect(asked).toHaveLength(2)
  })

  it.each([
    ['of another cart', { scope: 'cart_2' }],
    ['with another amount', { shipping: 401 }],
    ['to another address', { address: { ...aTaxRequest().address, postal_code: '90002' } }],
    ['with a VAT id', { vatId: 'DE136695976' }],
  ])('is asked for anew for a purchase %s', async (_, over) => {
    const { calculator, asked } = counting()
    await calculator.calculate(aTaxRequest())
    await calculator.calculate(aTaxRequest(over))
    expect(asked).toHaveLength(2)
  })

  it('is asked for anew once an order was written with it', async () => {
    const { calculator } = counting()
    await calculator.calculate(aTaxRequest())
    calculator.forget('taxcalc_1')
    expect(await calculator.calculate(aTaxRequest())).toMatchObject({ calculationId: 'taxcalc_2' })
  })

  it.each([{ kind: 'unavailable', reason: '500' }, { kind: 'address_refused' }] as const)(
    'is asked for again after the answer $kind',
    async (answer) => {
      const { calculator, asked } = counting(answer)
      await calculator.calculate(aTaxRequest())
      await calculator.calculate(aTaxRequest())
      expect(asked).toHaveLength(2)
    },
  )

  it('is forgotten when many others came after it', async () => {
    const { calculator, asked } = counting()
    for (let shipping = 0; shipping <= 500; shipping += 1) await calculator.calculate(aTaxRequest({ shipping }))
    await calculator.calculate(aTaxRequest({ shipping: 1 }))
    expect(asked).toHaveLength(501)
    await calculator.calculate(aTaxRequest({ shipping: 0 }))
    expect(asked).toHaveLength(502)
  })
})
