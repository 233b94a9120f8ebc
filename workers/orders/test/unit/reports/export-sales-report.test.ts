import { newId } from '@shop/http/ids'
import type { Caller } from '@shop/kernel/caller'
import { currency } from '@shop/kernel/currencies'
import { describe, expect, it } from 'vitest'
import type { OrdersDeps } from '../../../src/deps.ts'
import type { SalesRow } from '../../../src/reports/domain/sales.ts'
import { exportSalesReport } from '../../../src/reports/export-sales-report.ts'

const finance: Caller = { kind: 'user', userId: newId('user'), role: 'finance' }
const customer: Caller = { kind: 'user', userId: newId('user'), role: 'customer' }
const PERIOD = { from: '2026-11-01', to: '2026-12-01', timeZone: 'UTC' }

const aRow = (over: Partial<SalesRow> = {}): SalesRow => ({
  ...{ currency: currency('USD'), key: '0000000000000007', name: 'Mug', orders: 2, gross: 5_000, discounts: 500 },
  ...{ shipping: 0, tax: 450, includedTax: 0, adjustments: 0, refunds: 1_025, disputes: 0 },
  ...{ giftCards: 0, credited: 0 },
  ...over,
})

type Query = Parameters<OrdersDeps['sales']['sumsOf']>[0]

/** A report with these rows. */
function reportOf(rows: SalesRow[]) {
  const queries: Query[] = []
  const sumsOf = async (query: Query) => {
    queries.push(query)
    const from = rows.findIndex(({ key }) => key === query.after?.key) + 1
    return { rows: rows.slice(from, from + query.limit), totals: [] }
  }
  return { deps: { sales: { sumsOf } }, queries }
}

async function linesOf(rows: SalesRow[], group: Query['group']): Promise<string[]> {
  const exported = exportSalesReport(reportOf(rows).deps, finance, { ...PERIOD, group })
  if (!exported.ok) throw new Error(exported.failure.code)
  return (await Array.fromAsync(exported.value)).join('').split('\r\n').slice(0, -1)
}

describe('the sales report as CSV', () => {
  it('has a line for each product, with amounts in major units', async () => {
    const yen = aRow({ currency: currency('JPY'), name: '=HYPERLINK("x")', refunds: 5_000 })
    expect(
      await linesOf([aRow({ key: null, name: null, orders: 0, adjustments: -3 }), aRow(), yen], 'product'),
    ).toEqual([
      'product_id,product_name,currency,orders,gross,discounts,shipping,tax,included_tax,total,gift_cards,adjustments,captured,refunds,credited,disputes,net',
      ',,USD,0,50,5,0,4.5,0,49.5,0,-0.03,49.47,10.25,0,0,39.22',
      '7,Mug,USD,2,50,5,0,4.5,0,49.5,0,0,49.5,10.25,0,0,39.25',
      '7,"\'=HYPERLINK(""x"")",JPY,2,5000,500,0,450,0,4950,0,0,4950,5000,0,0,-50',
    ])
  })

  it.each([
    ['day', '2026-11-05', 'day,currency,orders', '2026-11-05,USD,2'],
    ['country', 'DE', 'country,currency,orders', 'DE,USD,2'],
  ] as const)('has a line for each %s', async (group, key, header, line) => {
    const [first, second] = await linesOf([aRow({ key, name: null })], group)
    expect([first?.startsWith(header), second?.startsWith(line)]).toEqual([true, true])
  })

  it('is read page by page, until one is short', async () => {
    const rows = Array.from({ length: 2_000 }, (_, index) => aRow({ key: String(index).padStart(16, '0') }))
    const { deps, queries } = reportOf(rows)
    const exported = exportSalesReport(deps, finance, { ...PERIOD, group: 'product' })
    if (!exported.ok) throw new Error(exported.failure.code)
    const text = (await Array.fromAsync(exported.value)).join('')
    expect(text.split('\r\n')).toHaveLength(2_002)
    expect(queries.map(({ after, limit }) => [after?.key, limit])).toEqual([
      [undefined, 1_000],
      [rows[999]?.key, 1_000],
      [rows[1_999]?.key, 1_000],
    ])
  })

  it('is for finance only', () => {
    const { deps } = reportOf([])
    expect(exportSalesReport(deps, customer, { ...PERIOD, group: 'day' })).toMatchObject({
      failure: { code: 'forbidden' },
    })
  })
})
