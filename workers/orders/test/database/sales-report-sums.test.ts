import { lineRefunds } from '@shop/db/schema/orders-lines'
import { newId } from '@shop/http/ids'
import { type CurrencyCode, currency } from '@shop/kernel/currencies'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OrdersDeps, ordersRepositories } from '../../src/deps.ts'
import type { LineRefund } from '../../src/fulfillment/domain/line-refund.ts'
import { NO_UNITS } from '../../src/fulfillment/domain/units.ts'
import type { Order } from '../../src/orders/domain/order.ts'
import type { MoneyEntry } from '../../src/payment-events/domain/money-entries.ts'
import { figuresOf, SALES_GROUPS, type SalesRow, type SalesSums } from '../../src/reports/domain/sales.ts'
import { capture as captureAsEvent } from '../support/capture.ts'
import { anOrder, NOWHERE, placing } from '../support/orders.ts'

let database: ServiceDatabase
let shop: Pick<OrdersDeps, 'orders' | 'captures' | 'money' | 'sales'>
beforeAll(async () => {
  database = await startDatabase()
  shop = ordersRepositories(database.as('orders'))
})
afterAll(() => database.stop())

const CURRENCIES = [currency('USD'), currency('JPY')]
const share = fc.double({ min: 0, max: 1, noNaN: true })
/** A day of the year, some of them outside of the period of the report. */
const day = fc.integer({ min: 1, max: 28 })

const aLine = fc.record({
  productId: fc.integer({ min: 1, max: 4 }),
  unitPrice: fc.nat(9_999),
  quantity: fc.integer({ min: 1, max: 3 }),
  discounted: share,
  taxed: share,
})
const aSale = fc.record({
  lines: fc.array(aLine, { minLength: 1, maxLength: 3 }),
  shipping: fc.record({ price: fc.nat(999), discounted: share, taxed: share }),
  pricesIncludeTax: fc.boolean(),
  currency: fc.constantFrom(...CURRENCIES),
  country: fc.constantFrom(null, 'DE', 'US'),
  captured: fc.constantFrom(1, 1, 0.4),
  paidOn: day,
  movements: fc.array(
    fc.record({
      kind: fc.constantFrom(
        ...(['refunded', 'refund_returned', 'disputed', 'dispute_won', 'credited'] as const),
        ...(['second payment', 'refund by line', 'refund by line that came back'] as const),
      ),
      part: share,
      on: day,
    }),
    { maxLength: 4 },
  ),
})
type Sale = typeof aSale extends fc.Arbitrary<infer S> ? S : never

/** An order with a random split of its amounts, as pricing makes them: parts that add up. */
function orderOf({ lines, shipping, pricesIncludeTax, currency: code, country }: Sale): Order {
  const part = (subtotal: number, { discounted, taxed }: { discounted: number; taxed: number }) => {
    const discount = Math.floor(subtotal * discounted)
    const tax = Math.floor((subtotal - discount) * taxed * 0.25)
    const total = subtotal - discount + (pricesIncludeTax ? 0 : tax)
    return { subtotal, discount, tax, total, adjustments: [], taxLines: [] }
  }
  const base = anOrder()
  const priced = lines.map(({ productId, unitPrice, quantity, ...rates }) => {
    const described = {
      variantId: productId + 10,
      sku: null,
      options: {},
      name: 'Mug',
      category: null,
      imageUrl: null,
      isGiftCard: false,
    }
    return {
      id: newId('orderLine'),
      productId,
      ...described,
      quantity,
      unitPrice,
      units: NO_UNITS,
      holdId: null,
      ...part(unitPrice * quantity, rates),
    }
  })
  const shipped = part(shipping.price, shipping)
  const option = { optionId: 'shopt_1' as const, name: 'Parcel', estimate: null, isPickup: false }
  const sum = (of: (one: typeof shipped) => number) => priced.map(of).reduce((all, one) => all + one, of(shipped))
  return {
    ...base,
    ...{ lines: priced, shipping: { ...option, ...shipped }, pricesIncludeTax, currency: code },
    subtotal: sum(({ subtotal }) => subtotal) - shipped.subtotal,
    discountTotal: sum(({ discount }) => discount),
    shippingTotal: shipped.subtotal,
    taxTotal: sum(({ tax }) => tax),
    total: sum(({ total }) => total),
    shippingAddress: country === null ? null : { line1: 'x', city: 'x', country },
  }
}

/** A refund of a part of each line and of shipping, less a fee; undefined where that comes to nothing. */
function lineRefundOf({ lines }: Order, part: number, at: Date): LineRefund | undefined {
  const items = lines.map(({ id, total }) => ({
    lineId: id,
    quantity: 1,
    removed: 0,
    amount: Math.floor(total * part),
  }))
  const ofItems = items.reduce((sum, { amount }) => sum + amount, 0)
  const [shipping, restockingFee] = [Math.floor(7 * part), Math.min(ofItems, Math.floor(9 * part))]
  const amount = ofItems + shipping - restockingFee
  if (amount === 0) return undefined
  return {
    ...{ refundId: newId('refund'), origin: 'request', returnId: null, state: 'refunded' },
    ...{ amount, items, shipping, restockingFee, createdAt: at },
  }
}

const saveLineRefund = (
  { refundId, state, amount, items, shipping, restockingFee, createdAt }: LineRefund,
  order: Order,
) =>
  database
    .as('orders')
    .insert(lineRefunds)
    .values({ refundId, orderId: order.id, state, amount, items, shipping, restockingFee, createdAt })

/** The movements of money of a sale, the first of them its capture. */
function entriesOf(sale: Sale, order: Order, year: number): Omit<Sold, 'order'> & { captured: number } {
  const at = (on: number) => new Date(Date.UTC(year, 1, on, 12))
  const captured = Math.max(1, Math.floor(order.total * sale.captured))
  const paymentId = newId('payment')
  const entry = (
    kind: MoneyEntry['kind'],
    amount: number,
    on: number,
    { of = paymentId, key = crypto.randomUUID() as string } = {},
  ): MoneyEntry[] =>
    amount === 0
      ? []
      : [
          {
            key,
            orderId: order.id,
            paymentId: of,
            kind,
            amount,
            currency: order.currency,
            at: at(on),
          },
        ]
  const refunds: LineRefund[] = []
  const others = sale.movements.flatMap(({ kind, part, on }) => {
    const amount = Math.floor(captured * part)
    if (kind === 'second payment') return entry('captured', amount, on, { of: newId('payment') })
    if (kind !== 'refund by line' && kind !== 'refund by line that came back') return entry(kind, amount, on)
    const refund = lineRefundOf(order, part, at(on))
    if (refund === undefined) return []
    refunds.push(refund)
    const left = entry('refunded', refund.amount, on, { key: `refunded:${refund.refundId}` })
    if (kind === 'refund by line') return left
    return [...left, ...entry('refund_returned', refund.amount, on + 1, { key: `refund_returned:${refund.refundId}` })]
  })
  return { captured, entries: [...entry('captured', captured, sale.paidOn), ...others], refunds }
}

const SIGNS = { captured: 1, refunded: -1, refund_returned: 1, disputed: -1, dispute_won: 1, credited: 0 } as const

const sumOf = (rows: SalesSums[], name: keyof SalesSums) => rows.reduce((sum, row) => sum + row[name], 0)
const NAMES = [
  'gross',
  'discounts',
  'shipping',
  'tax',
  'includedTax',
  'giftCards',
  'adjustments',
  'refunds',
  'credited',
  'disputes',
] as const

type Sold = { order: Order; entries: MoneyEntry[]; refunds: LineRefund[] }

/** What was refunded by line of each product, less what came back. */
function refundsByProduct(sold: Sold[], code: CurrencyCode, isWithin: (at: Date) => boolean): Map<number, number> {
  const sums = new Map<number, number>()
  for (const { order, entries, refunds } of sold.filter((one) => one.order.currency === code)) {
    for (const { key, kind } of entries.filter(({ at }) => isWithin(at))) {
      const { items = [] } = refunds.find(({ refundId }) => key.endsWith(`:${refundId}`)) ?? {}
      for (const { lineId, amount } of items) {
        const productId = order.lines.find(({ id }) => id === lineId)?.productId ?? 0
        sums.set(productId, (sums.get(productId) ?? 0) - SIGNS[kind] * amount)
      }
    }
  }
  return sums
}

/** What the report of the days 5 to 20 has to say of a currency, from the sales themselves. */
function expected(sold: Sold[], code: CurrencyCode, isWithin: (at: Date) => boolean) {
  const ofCurrency = sold.filter(({ order }) => order.currency === code)
  const orders = ofCurrency.flatMap(({ order, entries: [capture] }) =>
    capture !== undefined && isWithin(capture.at) ? [order] : [],
  )
  const moved = ofCurrency.flatMap(({ entries }) => entries).filter(({ at }) => isWithin(at))
  return {
    orders: orders.length,
    total: orders.reduce((sum, { total }) => sum + total, 0),
    tax: orders.reduce((sum, { taxTotal }) => sum + taxTotal, 0),
    net: moved.reduce((sum, { kind, amount }) => sum + SIGNS[kind] * amount, 0),
  }
}

describe('the report of any sales, refunds, disputes and second payments', () => {
  it('adds up to the orders and to the money, in total and in the rows of each group, to the last minor unit', async () => {
    let year = 2200
    const property = fc.asyncProperty(fc.array(aSale, { minLength: 1, maxLength: 5 }), async (sales) => {
      year += 1
      const sold: Sold[] = []
      for (const sale of sales) {
        const order = orderOf(sale)
        if (order.total === 0) continue
        const { captured, entries, refunds } = entriesOf(sale, order, year)
        await shop.orders.insert(placing(order), NOWHERE)
        const [capture, ...others] = entries
        if (capture === undefined) continue
        const paymentId = capture.paymentId as `pay_${string}`
        const fact = {
          orderId: order.id,
          paymentId,
          chargeNo: 1,
          amount: order.total,
          captured,
          currency: order.currency,
        }
        await captureAsEvent(shop, fact, capture.at, [capture])
        await shop.money.record(others)
        for (const refund of refunds) await saveLineRefund(refund, order)
        sold.push({ order, entries, refunds })
      }
      const [from, to] = [`${year}-02-05`, `${year}-02-21`]
      const isWithin = (at: Date) => at >= new Date(`${from}T00:00:00Z`) && at < new Date(`${to}T00:00:00Z`)
      for (const group of SALES_GROUPS) {
        const request = { from, to, timeZone: 'UTC', group, after: undefined, limit: 500 }
        const { rows, totals } = await shop.sales.sumsOf(request)
        for (const total of totals) {
          const { orders, total: came, tax, net } = figuresOf(total)
          expect({ orders, total: came, tax, net }).toEqual(expected(sold, total.currency, isWithin))
          const ofCurrency = rows.filter((row: SalesRow) => row.currency === total.currency)
          for (const name of NAMES) expect([name, sumOf(ofCurrency, name)]).toEqual([name, total[name]])
          if (group !== 'product') expect(sumOf(ofCurrency, 'orders')).toBe(total.orders)
          else {
            const refunded = refundsByProduct(sold, total.currency, isWithin)
            for (const { key, refunds } of ofCurrency) {
              if (key !== null) expect([key, refunds]).toEqual([key, refunded.get(Number(key)) ?? 0])
            }
          }
        }
        const currencies = CURRENCIES.filter((code) =>
          sold.some(({ order, entries }) => order.currency === code && entries.some(({ at }) => isWithin(at))),
        )
        expect(totals.map((total) => total.currency).toSorted()).toEqual(currencies.toSorted())
      }
    })
    await fc.assert(property, { numRuns: 20 })
  }, 120_000)
})
