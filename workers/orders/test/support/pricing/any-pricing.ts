import type { CurrencyCode } from '@shop/kernel/currencies'
import fc from 'fast-check'
import { priceCart } from '../../../src/pricing/domain/price-cart.ts'
import type {
  AppliedTax,
  GivenTaxes,
  PricedPart,
  Pricing,
  PricingLine,
  TaxLine,
} from '../../../src/pricing/domain/pricing.ts'
import type { Promotion } from '../../../src/promotions/domain/promotion.ts'
import { HUF, JPY, KWD, USD } from './carts.ts'

const CURRENCIES = [USD, JPY, KWD, HUF]
const COUNTRIES = ['AT', 'DE', 'HU']
const GROUPS = ['group_a', 'group_b']
const PERCENTAGES = ['0', '1', '5', '10', '12.5', '33.3333', '50', '99.99', '100']
const RATES = ['0', '0.05', '0.07', '0.09', '0.0825', '0.09975', '0.19', '0.27', '0.5', '1.5']

const catalogId = fc.integer({ min: 1, max: 4 })
const someIds = fc.uniqueArray(catalogId, { maxLength: 2 })
const percent = fc.constantFrom(...PERCENTAGES)
const orNull = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null })
/** Small ones often, where rounding shows most. */
const amount = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 30 }) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 3_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 99_999_999 }) },
)
const amountsIn = (value: fc.Arbitrary<number>) =>
  fc.uniqueArray(fc.record({ currency: fc.constantFrom(...CURRENCIES), amount: value }), {
    selector: ({ currency }) => currency,
    minLength: 1,
  })
const selection = { productIds: someIds, collectionIds: someIds }
const everything = fc.constant({ productIds: [], categoryIds: [], collectionIds: [] })
const quantity = fc.integer({ min: 1, max: 3 })

const tax = fc.record({ rate: fc.constantFrom(...RATES), isCompound: fc.boolean() })

/** The rates of one destination; each line has some of them, in the same order. */
const rates: fc.Arbitrary<AppliedTax[]> = fc
  .array(tax, { maxLength: 4 })
  .map((all) => all.map((each, index) => ({ id: `taxrate_${index}`, name: `Tax ${index}`, ...each })))

const anyLine = (all: AppliedTax[], step: number): fc.Arbitrary<Omit<PricingLine, 'id'>> =>
  fc.record({
    productId: catalogId,
    variantId: fc.integer({ min: 1, max: 9 }),
    categoryIds: someIds,
    collectionIds: someIds,
    quantity: fc.integer({ min: 1, max: 6 }),
    unitPrice: amount.map((value) => value * step),
    isShipped: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, fc.constant(false)),
    taxes: fc.oneof(fc.constant(all), fc.subarray(all)),
  })

const conditions: fc.Arbitrary<Promotion['conditions']> = fc.record({
  minSubtotal: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, amountsIn(fc.integer({ min: 0, max: 5_000 }))),
  minQuantity: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, fc.integer({ min: 1, max: 12 })),
  countries: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.subarray(COUNTRIES)),
  groupIds: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.subarray(GROUPS)),
  isFirstOrder: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, fc.boolean()),
})

/** Every kind has the members of all kinds: those of the others must not matter. */
const anyPromotion: fc.Arbitrary<Promotion> = fc.record({
  id: fc.constantFrom('promo_a', 'promo_b', 'promo_c', 'promo_d', 'promo_Z'),
  name: fc.constant('Promotion'),
  code: orNull(fc.constantFrom('one', 'TWO')),
  type: fc.constantFrom('percentage', 'fixed_amount', 'free_shipping', 'buy_x_get_y', 'tiered'),
  value: percent,
  amounts: amountsIn(fc.integer({ min: 1, max: 3_000 })),
  tiers: fc.array(
    fc.record({
      minQuantity: orNull(fc.integer({ min: 1, max: 12 })),
      minSubtotal: orNull(amountsIn(fc.integer({ min: 0, max: 5_000 }))),
      value: percent,
    }),
    { maxLength: 3 },
  ),
  buy: fc.record({ quantity, ...selection }),
  get: fc.record({ quantity, percentOff: percent, ...selection }),
  appliesTo: fc.oneof(
    { weight: 2, arbitrary: everything },
    { weight: 1, arbitrary: fc.record({ ...selection, categoryIds: someIds }) },
  ),
  conditions,
  priority: fc.integer({ min: 0, max: 2 }),
  stackable: fc.oneof({ weight: 2, arbitrary: fc.constant(true) }, fc.constant(false)),
})

/** Promotions with one id are one promotion, entered by several codes. */
const anyPromotions = fc.array(anyPromotion, { maxLength: 5 }).map((all) =>
  all.map((promotion) => {
    const first = all.find(({ id }) => id === promotion.id) ?? promotion
    return { ...first, code: promotion.code }
  }),
)

const anyPricingIn = (currency: CurrencyCode, step: number, all: AppliedTax[]): fc.Arbitrary<Pricing> =>
  fc.record({
    currency: fc.constant(currency),
    lines: fc
      .array(anyLine(all, step), { maxLength: 6 })
      .map((lines) => lines.map((line, index) => ({ id: `line_${index}`, ...line }))),
    shipping: orNull(amount.map((price) => ({ optionId: 'shopt_1', name: 'Parcel', price: price * step }))),
    pricesIncludeTax: fc.boolean(),
    rounding: fc.constantFrom('line', 'order'),
    promotions: anyPromotions,
    buyer: fc.record({
      country: orNull(fc.constantFrom(...COUNTRIES)),
      groupIds: fc.subarray(GROUPS),
      isFirstOrder: fc.boolean(),
    }),
  })

/** Prices in dinars are mostly multiples of 10 fils, as they have to be to be charged. */
export const anyPricing: fc.Arbitrary<Pricing> = fc
  .tuple(fc.constantFrom(...CURRENCIES), fc.constantFrom(10, 10, 1), rates)
  .chain(([currency, step, all]) => anyPricingIn(currency, currency === KWD ? step : 1, all))

/** Taxes of a part as a tax service computes them, of what is left of it after discounts: two at most, of half of it each. */
const givenTaxesOf = ({ subtotal, discount }: PricedPart): fc.Arbitrary<TaxLine[]> =>
  fc
    .array(fc.tuple(fc.constantFrom('stripe:US-CA', 'stripe:CA', 'stripe:DE'), fc.integer({ min: 0, max: 50 })), {
      maxLength: 2,
    })
    .map((taxes) =>
      taxes.map(([rateId, percent]) => {
        const amount = Math.floor(((subtotal - discount) * percent) / 100)
        return { rateId, name: 'Tax', rate: String(percent / 100), amount }
      }),
    )

function withGivenTaxes(pricing: Pricing): fc.Arbitrary<Pricing> {
  const { lines, shipping } = priceCart(pricing)
  const none = fc.constant<TaxLine[]>([])
  return fc
    .tuple(fc.tuple(...lines.map(givenTaxesOf)), shipping === null ? none : givenTaxesOf(shipping))
    .map(([taxes, shippingTaxes]): Pricing => {
      const byId = lines.map(({ id }, index) => [id, taxes[index] ?? []] as const)
      const givenTaxes: GivenTaxes = { lines: new Map(byId), shipping: shippingTaxes }
      return { ...pricing, givenTaxes }
    })
}

/** Carts whose taxes a tax service has computed. */
export const anyPricingTaxedElsewhere = anyPricing.chain(withGivenTaxes)
