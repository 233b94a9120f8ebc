import type { Caller } from '@shop/kernel/caller'
import { describe, expect, it } from 'vitest'
import type { OrderRequest } from '../../../src/orders/domain/order-request.ts'
import { placeOrder } from '../../../src/orders/place-order.ts'
import type { TaxAnswer } from '../../../src/stripe-tax/domain/tax-answer.ts'
import type { TaxRequest } from '../../../src/stripe-tax/domain/tax-request.ts'
import { anExemption, aRate } from '../../support/places.ts'
import { aPromotion } from '../../support/promotions.ts'
import { anOrderRequest } from '../../support/purchases.ts'
import { OWNER, OWNER_ID } from '../../support/shop-with.ts'
import { aTaxAnswer, TEN_PERCENT_TAX } from '../../support/stripe-tax.ts'
import { quoteOf, testDeps } from '../../support/test-deps.ts'

const LOS_ANGELES = { line1: '1 Main Street', city: 'Los Angeles', region: 'CA', postal_code: '90001', country: 'US' }
const BERLIN = { line1: 'Unter den Linden 1', city: 'Berlin', postal_code: '10117', country: 'DE' }
const TAXED = { lines: new Map([[0, [{ ...TEN_PERCENT_TAX, amount: 200 }]]]), shipping: [] }
const AWAY = { kind: 'unavailable', reason: '500 api_error' } as const

type Options = Parameters<typeof testDeps>[0] & { answer?: TaxAnswer; fallback?: 'rates' | 'refuse'; caller?: Caller }

/** A shop with Stripe Tax whose product 1 costs 10.00 USD. Orders are of two of them, to Los Angeles. */
function shop({ answer = aTaxAnswer(TAXED), fallback = 'rates', caller = OWNER, ...options }: Options = {}) {
  const asked: TaxRequest[] = []
  const forgotten: string[] = []
  const taxCalculator = {
    calculate: async (request: TaxRequest) => {
      asked.push(request)
      return answer
    },
    forget: (calculationId: string) => {
      forgotten.push(calculationId)
    },
  }
  const made = testDeps({ ...options, over: { taxCalculator, taxFallback: fallback } })
  const place = async (over: Partial<OrderRequest> = {}) => {
    const placed = await placeOrder(made.deps, caller, anOrderRequest({ shippingAddress: LOS_ANGELES, ...over }))
    return placed.ok ? placed.value.order : placed.failure
  }
  return { ...made, place, asked, forgotten }
}

describe('an order in a shop with Stripe Tax', () => {
  it('has the taxes that Stripe has calculated, and its calculation', async () => {
    const { place, asked, forgotten } = shop()
    const taxLines = [{ ...TEN_PERCENT_TAX, amount: 200 }]
    expect(await place()).toMatchObject({
      ...{
        taxProvider: 'stripe',
        taxCalculationId: 'taxcalc_1',
        subtotal: 2_000,
        taxTotal: 200,
        total: 2_200,
        taxLines,
      },
      lines: [{ subtotal: 2_000, tax: 200, total: 2_200, taxLines }],
    })
    expect(asked).toMatchObject([
      { address: LOS_ANGELES, addressSource: 'shipping', pricesIncludeTax: false, shipping: 0, vatId: null },
    ])
    expect(asked[0]?.lines).toEqual([{ position: 0, amount: 2_000, quantity: 2, taxCode: null }])
    // The next order, though alike, needs a calculation of its own.
    expect(forgotten).toEqual(['taxcalc_1'])
  })

  it('is taxed after discounts, by the tax code of the product', async () => {
    const { place, asked } = shop({
      promotions: [aPromotion({ code: 'TEN', value: '10' })],
      catalog: { quote: async () => ({ ok: true, value: [quoteOf(1, { taxCategory: 'txcd_30011000' })] }) },
    })
    expect(await place({ codes: ['TEN'] })).toMatchObject({ discountTotal: 200, taxTotal: 200, total: 2_000 })
    expect(asked[0]?.lines).toEqual([{ position: 0, amount: 1_800, quantity: 2, taxCode: 'txcd_30011000' }])
  })

  it('is taxed at the billing address where it is not shipped to a known place', async () => {
    const { place, asked } = shop()
    await place({ shippingAddress: null, billingAddress: BERLIN })
    expect(asked).toMatchObject([{ address: BERLIN, addressSource: 'billing' }])
  })

  it('may include the tax, where prices of the country do', async () => {
    const { place, deps, asked } = shop()
    const country = {
      country: 'DE',
      pricesIncludeTax: true,
      taxedAt: 'destination',
      allowsReverseCharge: true,
    } as const
    await deps.taxCountries.put({ ...country, updatedAt: deps.now() }, undefined)
    expect(await place({ shippingAddress: BERLIN })).toMatchObject({
      pricesIncludeTax: true,
      taxTotal: 200,
      total: 2_000,
    })
    expect(asked).toMatchObject([{ pricesIncludeTax: true }])
  })

  it('of a business is not taxed if Stripe says so, whatever the shop’s own settings', async () => {
    const { place, asked } = shop({ answer: aTaxAnswer({ lines: new Map([[0, []]]), shipping: [], isReversed: true }) })
    const order = await place({ shippingAddress: BERLIN, vatId: 'ATU33864707' })
    expect(asked).toMatchObject([{ vatId: 'ATU33864707' }])
    expect(order).toMatchObject({ taxExemption: 'reverse_charge', taxTotal: 0, total: 2_000, taxProvider: 'stripe' })
  })

  it.each([
    ['without a structured address', { shippingAddress: 'Somewhere' }],
    ['without an address', { shippingAddress: null }],
  ])('%s is not taxed, and Stripe is not asked', async (_, over) => {
    const { place, asked } = shop()
    expect(await place(over)).toMatchObject({ taxProvider: 'rates', taxCalculationId: null, taxTotal: 0 })
    expect(asked).toEqual([])
  })

  it('of a buyer whom staff have exempted is not taxed, and Stripe is not asked', async () => {
    const { place, deps, asked } = shop()
    await deps.taxExemptions.insert(anExemption({ userId: OWNER_ID }))
    expect(await place()).toMatchObject({ taxExemption: 'buyer', taxProvider: 'rates', total: 2_000 })
    expect(asked).toEqual([])
  })

  it('that costs nothing is not taxed, and Stripe is not asked', async () => {
    const { place, asked } = shop({ promotions: [aPromotion({ code: 'ALL', value: '100' })] })
    expect(await place({ codes: ['ALL'] })).toMatchObject({ total: 0, taxProvider: 'rates' })
    expect(asked).toEqual([])
  })

  it('is refused, and nothing is held, if Stripe does not find its address', async () => {
    const { place, calls } = shop({ answer: { kind: 'address_refused' } })
    expect(await place()).toEqual({ code: 'address_incomplete' })
    expect(calls).toEqual([])
  })

  it('is refused without asking if its address is too incomplete', async () => {
    const { place, asked } = shop()
    const { postal_code: _, ...address } = LOS_ANGELES
    expect(await place({ shippingAddress: address })).toEqual({ code: 'address_incomplete' })
    expect(asked).toEqual([])
  })
})

describe('while Stripe Tax is away', () => {
  const rate = aRate({ name: 'Own', rate: '0.05', validFrom: null, validTo: null, isCompound: false })
  const own = { ...rate, area: { country: 'US', regions: [], postalCodes: [] } }

  it('an order is taxed by the shop’s own rates, and the log says why', async () => {
    const { place, deps, calls, forgotten } = shop({ answer: AWAY })
    await deps.taxRates.insert(own)
    const order = await place()
    expect(order).toMatchObject({ taxProvider: 'rates', taxCalculationId: null, taxTotal: 100, total: 2_100 })
    expect(calls[0]).toBe('warn stripe_tax_unavailable')
    expect(forgotten).toEqual([])
  })

  it('an order is refused in a shop that is set to', async () => {
    const { place, deps, calls } = shop({ answer: AWAY, fallback: 'refuse' })
    await deps.taxRates.insert(own)
    expect(await place()).toEqual({ code: 'service_unavailable' })
    expect(calls).toEqual(['warn stripe_tax_unavailable'])
  })
})
