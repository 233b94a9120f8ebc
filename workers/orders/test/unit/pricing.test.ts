import type { Quote } from '@shop/contracts/catalog/rpc'
import { chargeRule, currency } from '@shop/kernel/currencies'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkQuantities } from '../../src/pricing/domain/check-quantities.ts'
import { type OrderItem, priceOrder as pricePurchased, toOrderPurchase } from '../../src/pricing/domain/price-order.ts'
import { stockLinesOf } from '../../src/stock/domain/stock-lines.ts'
import { orderTerms } from '../support/purchases.ts'

const quote = (productId: number, price: number, code = 'USD'): Quote => ({
  productId,
  variantId: productId + 100,
  sku: null,
  options: {},
  name: `Product ${productId}`,
  category: 'kitchen',
  imageUrl: null,
  price,
  currency: currency(code),
  ...{ type: 'physical', taxCategory: null, shippingClass: null, weightGrams: null },
  ...{ categoryIds: [], collectionIds: [], maxPerOrder: null, available: 50 },
  stock: { openingStock: 50, sequence: 0, threshold: null, thresholdVersion: 0, policy: 'deny' },
})

function priceOrder(wanted: OrderItem[], quotes: Quote[]) {
  const purchase = toOrderPurchase(wanted, quotes, orderTerms())
  return purchase.ok ? pricePurchased(purchase.value, quotes) : purchase
}

const items = fc.array(
  fc.record({ productId: fc.integer({ min: 1, max: 5 }), quantity: fc.integer({ min: 1, max: 1_000_000 }) }),
  { minLength: 1, maxLength: 100 },
)
const prices = fc.array(fc.integer({ min: 0, max: 10 ** 15 - 1 }), { minLength: 5, maxLength: 5 })

describe('the price of an order', () => {
  it('is the sum of its lines, each price times quantity, to the minor unit', () => {
    fc.assert(
      fc.property(items, prices, fc.constantFrom('USD', 'JPY', 'KWD', 'ISK'), (wanted, amounts, code) => {
        const quotes = wanted.map(({ productId }) => quote(productId, amounts[productId - 1] ?? 0, code))
        const priced = priceOrder(wanted, quotes)
        const exact = wanted.reduce(
          (sum, { productId, quantity }) => sum + BigInt(amounts[productId - 1] ?? 0) * BigInt(quantity),
          0n,
        )
        const { minimum = 0, maximum = 0, step = 1 } = chargeRule(currency(code)) ?? {}
        if (exact > BigInt(maximum)) {
          expect(priced).toMatchObject({ ok: false, failure: { code: 'order_total_too_large' } })
          return
        }
        if (exact !== 0n && (exact < BigInt(minimum) || exact % BigInt(step) !== 0n)) {
          expect(priced).toMatchObject({ ok: false, failure: { code: 'amount_not_chargeable' } })
          return
        }
        if (!priced.ok) throw new Error(priced.failure.code)
        expect(BigInt(priced.value.total)).toBe(exact)
        expect(priced.value.lines.reduce((sum, line) => sum + line.total, 0)).toBe(priced.value.total)
        expect(priced.value.lines.every((line) => line.total === line.unitPrice * line.quantity)).toBe(true)
      }),
      { numRuns: 1_000 },
    )
  })

  it('keeps two lines of one product apart', () => {
    const priced = priceOrder(
      [
        { productId: 1, quantity: 2 },
        { productId: 1, quantity: 3 },
      ],
      [quote(1, 100), quote(1, 100)],
    )
    expect(priced).toMatchObject({ ok: true, value: { total: 500, lines: [{ quantity: 2 }, { quantity: 3 }] } })
  })

  it.each([
    ['of 0', 'USD', 0],
    ['at the minimum', 'USD', 50],
    ['at the maximum of twelve digits', 'IDR', 999_999_999_999],
    ['of whole krónur', 'ISK', 999_999],
  ])('may be one %s: %s %d', (_, code, price) => {
    expect(priceOrder([{ productId: 1, quantity: 1 }], [quote(1, price, code)])).toMatchObject({
      value: { total: price },
    })
  })

  it('counts, not the price of one unit: a quantity can lift a cheap product above the minimum', () => {
    const priced = (quantity: number) => priceOrder([{ productId: 1, quantity }], [quote(1, 1)])
    expect(priced(49)).toMatchObject({ failure: { code: 'amount_not_chargeable', minimum: 0.5 } })
    expect(priced(50)).toMatchObject({ ok: true, value: { total: 50 } })
  })

  it('cannot be in a currency that Stripe does not charge, unless it is 0', () => {
    const priced = (price: number) => priceOrder([{ productId: 1, quantity: 1 }], [quote(1, price, 'KPW')])
    expect(priced(100_000)).toEqual({ ok: false, failure: { code: 'amount_not_chargeable', currency: 'KPW' } })
    expect(priced(0)).toMatchObject({ ok: true })
  })

  it('is refused for two currencies', () => {
    const wanted = [1, 2].map((productId) => ({ productId, quantity: 1 }))
    expect(priceOrder(wanted, [quote(1, 100), quote(2, 100, 'EUR')])).toEqual({
      ok: false,
      failure: { code: 'mixed_currencies' },
    })
  })

  it('is that of the variant, however each line names it', () => {
    const [small, large] = [
      { ...quote(1, 100), sku: 'TEE-S', options: { size: 'S' } },
      { ...quote(1, 120), variantId: 102, sku: 'TEE-L', options: { size: 'L' } },
    ]
    const wanted = [{ sku: 'TEE-L' }, { variantId: 101 }, { variantId: 102 }].map((ref) => ({ ...ref, quantity: 1 }))
    const priced = priceOrder(wanted, [large, small, large])
    const ofSmall = { productId: 1, variantId: 101, sku: 'TEE-S', options: { size: 'S' }, unitPrice: 100 }
    const ofLarge = { productId: 1, variantId: 102, sku: 'TEE-L', options: { size: 'L' }, unitPrice: 120 }
    expect(priced).toMatchObject({ value: { total: 340, lines: [ofLarge, ofSmall, ofLarge] } })
    expect(priced.ok && stockLinesOf(priced.value.lines)).toEqual([
      { variantId: 102, quantity: 2 },
      { variantId: 101, quantity: 1 },
    ])
  })

  it('needs a quote of each item: anything else is a bug', () => {
    expect(() => priceOrder([{ productId: 7, quantity: 1 }], [])).toThrow(
      new RangeError('Each item of an order has a quote'),
    )
  })
})

describe('the units that an order takes out of stock', () => {
  it('counts the lines of one variant together', () => {
    fc.assert(
      fc.property(items, (wanted) => {
        const quotes = wanted.map(({ productId }) => quote(productId, 50))
        const priced = priceOrder(
          wanted.map((item) => ({ ...item, quantity: (item.quantity % 9) + 1 })),
          quotes,
        )
        if (!priced.ok) throw new Error(priced.failure.code)
        const stock = stockLinesOf(priced.value.lines)
        expect(new Set(stock.map((line) => line.variantId)).size).toBe(stock.length)
        const taken = stock.reduce((sum, line) => sum + line.quantity, 0)
        expect(taken).toBe(priced.value.lines.reduce((sum, line) => sum + line.quantity, 0))
      }),
    )
  })
})

describe('the largest order', () => {
  const largest = 99_999_999
  const price = (...prices: number[]) =>
    priceOrder(
      prices.map((_, index) => ({ productId: index + 1, quantity: 1 })),
      prices.map((amount, index) => quote(index + 1, amount)),
    )

  it('costs as much as can be charged at once, in one line or in several', () => {
    expect(price(largest)).toMatchObject({ ok: true, value: { total: largest } })
    expect(price(largest - 50, 50)).toMatchObject({ ok: true, value: { total: largest } })
  })

  it.each([[[largest + 1]], [[largest, 1]], [[1, largest]], [[50_000_000, 50_000_000]]])(
    'does not cost more: %j',
    (prices) => {
      expect(price(...prices)).toEqual({
        ok: false,
        failure: { code: 'order_total_too_large', maximum: 999_999.99, currency: 'USD' },
      })
    },
  )

  it('has at least one item: anything else is a bug', () => {
    expect(() => price()).toThrow(new RangeError('An order has at least one item'))
  })
})

describe('the most units of a product in one order', () => {
  it('are counted over all its lines and variants, and over no other product’s', () => {
    const limited = { ...quote(1, 100), maxPerOrder: 3 }
    const quotes = [limited, quote(2, 100), { ...limited, variantId: 102 }]
    const check = (...lines: [number, number][]) =>
      checkQuantities(
        lines.map(([productId, quantity]) => ({ productId, quantity })),
        quotes,
      )
    expect(check([1, 2], [2, 50], [1, 1])).toEqual({ ok: true })
    expect(check([1, 2], [2, 50], [1, 2])).toEqual({
      ok: false,
      failure: { code: 'max_per_order_exceeded', productId: 1, name: 'Product 1', requested: 4, maximum: 3 },
    })
  })

  it.each([
    [100, null, undefined],
    [101, null, 100],
    [101, 1_000, 100],
    [3, 2, 2],
  ])('of a gift card may be 100 at most: %d where staff allow %s', (quantity, maxPerOrder, maximum) => {
    const card = { ...quote(1, 100), type: 'gift_card' as const, maxPerOrder }
    const checked = checkQuantities([{ productId: 1, quantity }], [card])
    expect(checked.ok ? undefined : checked.failure.maximum).toBe(maximum)
  })
})
