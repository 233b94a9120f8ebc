import { currency } from '@shop/kernel/currencies'
import { toMinor } from '@shop/kernel/money'
import { intentsOf, moneyKept } from '@shop/testing/stripe-js'
import { describe, expect, it } from 'vitest'
import { useFreshCustomer, useSharedPlatform } from './support/use-platform.ts'

const stage = useSharedPlatform()
useFreshCustomer(stage)

/** Prices whose sums are wrong in binary fractions, one currency for each number of decimals. */
const CASES = [
  ['USD', 2, [0.1, 0.2, 19.99, 1_234.56]],
  ['JPY', 0, [1, 99, 1_980, 54_321]],
  ['KWD', 3, [0.1, 0.21, 4.99, 12.34]],
] as const

const minorOf = (amount: number, code: string) => {
  const minor = toMinor(amount, currency(code))
  if (!minor.ok) throw new Error(`${amount} ${code} is ${minor.failure.reason}`)
  return minor.value
}

describe('an order', () => {
  it.each(CASES)(
    'in %s (%i decimals) costs the exact sum of its lines, and that is charged',
    async (code, _, prices) => {
      const { shop, admin, customer, platform } = stage
      const products = await Promise.all(
        prices.map((price) => shop.addProduct(admin, { price, currency: code, stock_quantity: 10 })),
      )
      const items = products.map((product, index): [typeof product, number] => [product, index + 2])
      const { order } = (await shop.placeOrder(customer, items)).body
      const lines = order.items.reduce((sum, { price, quantity }) => sum + minorOf(price, code) * quantity, 0)
      expect(order.items.map(({ price }) => price)).toEqual(prices)
      expect(minorOf(order.total_amount, code)).toBe(lines)

      const paid = await shop.pay(customer, order, 'pm_card_visa')
      expect([paid.status, paid.body.payment?.amount]).toEqual([201, order.total_amount])
      const [intent] = intentsOf(platform.stripe, order)
      expect(intent).toMatchObject({ amount: lines, currency: code.toLowerCase() })
      expect(moneyKept(platform.stripe, order)).toBe(lines)
      const after = await shop.orderBecomes(customer, order.id, 'processing', 'paid')
      expect([after.captured_amount, after.refunded_amount]).toEqual([order.total_amount, 0])
      const { events } = (await shop.request('GET', `/api/orders/${order.id}/events`, { token: customer.token })).body
      const amounts = events.flatMap(({ data }) => (data.amount === undefined ? [] : [data.amount]))
      expect(amounts).toEqual([order.total_amount, order.total_amount])
    },
  )
})
