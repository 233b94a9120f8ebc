import { currency } from '@shop/kernel/currencies'
import { toMinor } from '@shop/kernel/money'
import { eventually } from '@shop/testing/eventually'
import type { OrderBody } from '@shop/testing/order-body'
import type { LedgerEntryBody, PaymentBody } from '@shop/testing/payment-bodies'
import type { ProductBody } from '@shop/testing/product-body'
import type { SalesFiguresBody, SalesReportBody } from '@shop/testing/report-bodies'
import { intentsOf } from '@shop/testing/stripe-js'
import { beforeAll, describe, expect, it } from 'vitest'
import { usePlatform } from './support/use-platform.ts'

const stage = usePlatform({ paymentCapture: 'manual', paymentCheckSeconds: 1 })

async function asStaff(method: string, path: string, body?: object) {
  const headers = { 'idempotency-key': crypto.randomUUID() }
  const reply = await stage.shop.request(method, path, { token: stage.admin.token, headers, ...(body && { body }) })
  if (reply.status >= 300) throw new Error(`${method} ${path} answered ${reply.status}: ${JSON.stringify(reply.body)}`)
  return reply.body
}

/** From yesterday to tomorrow, in UTC: the file may run at midnight. */
const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10)
const PERIOD = { from: day(-1), to: day(2) }

async function report(group: string, over: Record<string, string> = {}): Promise<SalesReportBody> {
  return (await asStaff('GET', `/api/reports/sales?${new URLSearchParams({ ...PERIOD, group, ...over })}`)).sales_report
}

async function ledger(): Promise<LedgerEntryBody[]> {
  const entries: LedgerEntryBody[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const page = await asStaff('GET', `/api/payments/ledger?limit=100${cursor && `&cursor=${cursor}`}`)
    entries.push(...page.entries)
    cursor = page.next_cursor
  }
  return entries
}

const minor = (amount: number, code: string) => {
  const read = toMinor(Math.abs(amount), currency(code))
  if (!read.ok) throw new Error(`${amount} ${code} is ${read.failure.reason}`)
  return Math.sign(amount) * read.value
}

type Purchase = { order: OrderBody; payment: PaymentBody }
let products: Record<'mug' | 'cup' | 'tea', ProductBody>

async function authorize(items: [ProductBody, number][], details: object = {}, card = 'pm_card_visa') {
  const { shop, customer } = stage
  const body = { items: items.map(([{ id }, quantity]) => ({ product_id: id, quantity })), ...details }
  const { order } = (await shop.request('POST', '/api/orders', { token: customer.token, body })).body
  const { payment } = (await shop.pay(customer, order, card)).body
  await shop.orderBecomes(customer, order.id, 'processing', 'authorized')
  return { order, payment }
}
const orderIs = (purchase: Purchase, isExpected: (order: OrderBody) => boolean) =>
  eventually(
    async () => {
      await stage.platform.sweep()
      return stage.shop.getOrder(stage.customer, purchase.order.id)
    },
    isExpected,
    20_000,
  )
async function captureOf(purchase: Purchase, amount?: number): Promise<Purchase> {
  await asStaff('POST', `/api/payments/${purchase.payment.id}/capture`, amount === undefined ? {} : { amount })
  await orderIs(purchase, ({ payment_status }) => payment_status === 'paid')
  return purchase
}
async function refund(purchase: Purchase, amount?: number): Promise<void> {
  await asStaff('POST', `/api/payments/${purchase.payment.id}/refund`, amount === undefined ? {} : { amount })
  await orderIs(purchase, ({ refunded_amount }) => refunded_amount > 0)
}
const historyHas = (purchase: Purchase, type: string) =>
  eventually(
    async () => {
      await stage.platform.sweep()
      return (await asStaff('GET', `/api/orders/${purchase.order.id}/events`)).events.map((event) => event.type)
    },
    (types) => types.some((one) => one === type),
    20_000,
  )
async function dispute(purchase: Purchase, outcome?: 'won' | 'lost'): Promise<void> {
  const { stripe } = stage.platform
  const { id } = stripe.openDispute(intentsOf(stripe, purchase.order)[0]?.latest_charge ?? '', { amount: 700 })
  await historyHas(purchase, 'disputed')
  if (outcome === undefined) return
  stripe.closeDispute(id, outcome)
  await historyHas(purchase, 'dispute_closed')
}

const IN_VIENNA = { line1: 'Stephansplatz 1', city: 'Wien', postal_code: '1010', country: 'AT' }
const IN_BERLIN = { line1: 'Unter den Linden 1', city: 'Berlin', postal_code: '10117', country: 'DE' }

beforeAll(async () => {
  const { zone } = await asStaff('POST', '/api/shipping/zones', {
    ...{ name: 'Near', areas: [{ country: 'AT' }, { country: 'DE' }] },
  })
  const { option } = await asStaff('POST', '/api/shipping/options', {
    ...{ zone_id: zone.id, name: 'Parcel', estimate: '2 days', pricing: 'flat' },
    prices: [{ currency: 'USD', amount: 4.99 }],
  })
  await asStaff('POST', '/api/tax/rates', { name: 'USt', country: 'AT', rate: '0.2' })
  await asStaff('PUT', '/api/tax/countries/DE', { prices_include_tax: true })
  await asStaff('POST', '/api/tax/rates', { name: 'MwSt', country: 'DE', rate: '0.19' })
  await asStaff('POST', '/api/promotions', { name: 'Ten', code: 'TEN', type: 'percentage', value: 10 })
  const { shop, admin } = stage
  products = {
    mug: await shop.addProduct(admin, { name: 'Mug', price: 19.99, stock_quantity: 100 }),
    cup: await shop.addProduct(admin, { name: 'Cup', price: 7.77, stock_quantity: 100 }),
    tea: await shop.addProduct(admin, { name: 'Tea', price: 980, currency: 'JPY', stock_quantity: 100 }),
  }
  const { mug, cup, tea } = products
  const toVienna = { shipping_address: IN_VIENNA, shipping_option_id: option.id, codes: ['TEN'] }
  const toBerlin = { shipping_address: IN_BERLIN, shipping_option_id: option.id }
  const items: [ProductBody, number][] = [
    [mug, 1],
    [cup, 3],
  ]
  // Kept, refunded in part and in full, captured in part, sent back by the bank, disputed, and never captured.
  await captureOf(await authorize(items, toVienna))
  await refund(await captureOf(await authorize(items, toBerlin)), 5.55)
  await refund(await captureOf(await authorize([[cup, 2]], toBerlin)))
  await refund(await captureOf(await authorize(items, toVienna), 20), 3.33)
  const returned = await captureOf(await authorize([[mug, 1]], {}, 'pm_card_refundFail'))
  await refund(returned, 4)
  for (const { id, charge } of stage.platform.stripe.refunds()) {
    const isOf = charge === intentsOf(stage.platform.stripe, returned.order)[0]?.latest_charge
    if (isOf) stage.platform.stripe.settleRefund(id, 'fail')
  }
  await historyHas(returned, 'refund_returned')
  await dispute(await captureOf(await authorize([[mug, 1]], toBerlin)))
  await dispute(await captureOf(await authorize([[mug, 1]], toVienna)), 'lost')
  await dispute(await captureOf(await authorize([[mug, 1]], toVienna)), 'won')
  await refund(await captureOf(await authorize([[tea, 3]])), 980)
  await captureOf(await authorize([[tea, 1]]), 500)
  await authorize([[tea, 1]])
}, 240_000)

const AMOUNTS = [
  ...[
    'gross',
    'discounts',
    'shipping',
    'tax',
    'included_tax',
    'total',
    'adjustments',
    'captured',
    'refunds',
    'disputes',
  ],
  'net',
] as const satisfies readonly string[]

describe('the sales report', () => {
  it('has for each currency the money of the ledger', async () => {
    const entries = await ledger()
    const { totals } = await report('day')
    expect(totals.map((total) => [total.currency, total.orders])).toEqual([
      ['JPY', 2],
      ['USD', 8],
    ])
    for (const { currency: code, captured, refunds, disputes, net } of totals) {
      const sum = (...moves: [prefix: string, sign: number][]) =>
        entries
          .filter((entry) => entry.currency === code)
          .flatMap(({ key, amount }) =>
            moves.map(([prefix, sign]) => (key.startsWith(`${prefix}:`) ? sign * minor(amount, code) : 0)),
          )
          .reduce((all, one) => all + one, 0)
      const ofStripe = entries
        .filter((entry) => entry.currency === code)
        .map(
          ({ debit, credit, amount }) =>
            (Number(debit === 'stripe') - Number(credit === 'stripe')) * minor(amount, code),
        )
        .reduce((all, one) => all + one, 0)
      expect({ code, captured: minor(captured, code), refunds: minor(refunds, code) }).toEqual({
        code,
        captured: sum(['captured', 1]),
        refunds: sum(['refund_succeeded', 1], ['refund_late', 1], ['refund_returned', -1]),
      })
      expect(minor(disputes, code)).toBe(sum(['dispute_opened', 1], ['dispute_won', -1]))
      expect(minor(net, code)).toBe(ofStripe)
    }
  })

  it('has the amounts of the orders, and what was not captured as an adjustment', async () => {
    const { totals } = await report('country')
    const [yen, dollars] = totals
    expect(yen).toMatchObject({
      gross: 3_920,
      total: 3_920,
      adjustments: -480,
      captured: 3_440,
      refunds: 980,
      net: 2_460,
    })
    expect(dollars).toMatchObject({ disputes: 14 })
    expect(dollars?.discounts).toBeGreaterThan(0)
    expect(dollars?.included_tax).toBeGreaterThan(0)
    expect(dollars?.tax).toBeGreaterThan(dollars?.included_tax ?? 0)
  })

  it.each(['day', 'product', 'country'])('by %s adds up to the totals, to the last minor unit', async (group) => {
    const { totals, rows } = await report(group)
    for (const total of totals) {
      const ofCurrency = rows.filter((row) => row.currency === total.currency)
      const sum = (name: keyof Omit<SalesFiguresBody, 'currency'>) =>
        ofCurrency.reduce((all, row) => all + minor(row[name], total.currency), 0)
      for (const name of AMOUNTS) expect([name, sum(name)]).toEqual([name, minor(total[name], total.currency)])
    }
  })

  it('names products and countries', async () => {
    const named = ({ rows }: SalesReportBody) => rows.map((row) => [row.currency, row.product_id, row.product_name])
    const { mug, cup, tea } = products
    expect(named(await report('product'))).toEqual([
      ['JPY', null, null],
      ['JPY', tea.id, 'Tea'],
      ['USD', null, null],
      ['USD', mug.id, 'Mug'],
      ['USD', cup.id, 'Cup'],
    ])
    const { rows } = await report('country')
    expect(rows.map((row) => [row.currency, row.country, row.orders])).toEqual([
      ['JPY', null, 2],
      ['USD', null, 1],
      ['USD', 'AT', 4],
      ['USD', 'DE', 3],
    ])
  })

  it('comes page by page, with the totals on each', async () => {
    const query = new URLSearchParams({ ...PERIOD, group: 'product', limit: '2' })
    const rows = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page = await asStaff('GET', `/api/reports/sales?${query}${cursor && `&cursor=${cursor}`}`)
      expect(page.sales_report.totals).toHaveLength(2)
      rows.push(...page.sales_report.rows)
      cursor = page.next_cursor
    }
    expect(rows).toEqual((await report('product')).rows)
  })

  it('is the same as CSV', async () => {
    const query = new URLSearchParams({ ...PERIOD, group: 'product' })
    const exported = await stage.shop.request('GET', `/api/reports/sales.csv?${query}`, { token: stage.admin.token })
    expect(exported.headers.get('content-type')).toContain('text/csv')
    const [, ...lines] = String(exported.body).trim().split('\r\n')
    const { rows } = await report('product')
    expect(lines).toEqual(
      rows.map(({ product_id: id, product_name: name, ...figures }) =>
        [id ?? '', name ?? '', ...Object.values(figures)].join(','),
      ),
    )
  })

  it.each([
    [{ from: '2026-11-02', to: '2026-11-02' }, 'to'],
    [{ from: '2026-01-01', to: '2027-01-03' }, 'to'],
    [{ from: '2026-02-30', to: '2026-03-01' }, 'from'],
    [{ time_zone: '+01:00' }, 'time_zone'],
    [{ group: 'hour' }, 'group'],
  ])('with %j is refused, naming %s', async (over, field) => {
    const query = new URLSearchParams({ ...PERIOD, group: 'day', ...over })
    const refused = await stage.shop.request('GET', `/api/reports/sales?${query}`, { token: stage.admin.token })
    expect([refused.status, refused.body.errors?.map((error) => error.field)]).toEqual([422, [field]])
  })

  it('does not take the cursor of another grouping', async () => {
    const { next_cursor } = await asStaff(
      'GET',
      `/api/reports/sales?${new URLSearchParams({ ...PERIOD, group: 'product', limit: '1' })}`,
    )
    const query = new URLSearchParams({ ...PERIOD, group: 'country', cursor: next_cursor ?? '' })
    const refused = await stage.shop.request('GET', `/api/reports/sales?${query}`, { token: stage.admin.token })
    expect([refused.status, refused.body.code]).toEqual([422, 'invalid_cursor'])
  })
})
