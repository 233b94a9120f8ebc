import type { Quote } from '@shop/contracts/catalog/rpc'
import { maximumCharge } from '@shop/contracts/payments/charge-limits'
import { currency } from '@shop/kernel/currencies'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { priceOrder } from '../../src/pricing/domain/price-order.ts'
import { stockLinesOf } from '../../src/stock/domain/stock-lines.ts'

const quote = (productId: number, price: number, code = 'USD'): Quote => ({
  productId,
  variantId: productId + 100,
  name: `Product ${productId}`,
  category: 'kitchen',
  imageUrl: null,
  price,
  currency: currency(code),
})

const items = fc.array(
  fc.record({ productId: fc.integer({ min: 1, max: 5 }), quantity: fc.integer({ min: 1, max: 1_000_000 }) }),
  { minLength: 1, maxLength: 100 },
)
const prices = fc.array(fc.integer({ min: 0, max: 10 ** 15 - 1 }), { minLength: 5, maxLength: 5 })

describe('the price of an order', () => {
  it('is the sum of its lines, each price times quantity, to the minor unit', () => {
    fc.assert(
      fc.property(items, prices, fc.constantFrom('USD', 'JPY', 'KWD', 'ISK'), (wanted, amounts, code) => {
        const quotes = amounts.map((price, index) => quote(index + 1, price, code))
        const priced = priceOrder(wanted, quotes)
        const exact = wanted.reduce(
          (sum, { productId, quantity }) => sum + BigInt(amounts[productId - 1] ?? 0) * BigInt(quantity),
          0n,
        )
        if (exact > BigInt(maximumCharge(currency(code)))) {
          expect(priced).toMatchObject({ ok: false, failure: { code: 'order_total_too_large' } })
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
      [quote(1, 100)],
    )
    expect(priced).toMatchObject({ ok: true, value: { total: 500, lines: [{ quantity: 2 }, { quantity: 3 }] } })
  })

  it('is refused for two currencies', () => {
    const wanted = [1, 2].map((productId) => ({ productId, quantity: 1 }))
    expect(priceOrder(wanted, [quote(1, 100), quote(2, 100, 'EUR')])).toEqual({
      ok: false,
      failure: { code: 'mixed_currencies' },
    })
  })

  it('names a product that was not quoted', () => {
    expect(priceOrder([{ productId: 7, quantity: 1 }], [])).toEqual({
      ok: false,
      failure: { code: 'product_not_found', productId: 7 },
    })
  })
})

describe('the units that an order takes out of stock', () => {
  it('counts the lines of one variant together', () => {
    fc.assert(
      fc.property(items, (wanted) => {
        const quotes = [1, 2, 3, 4, 5].map((id) => quote(id, 1))
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
