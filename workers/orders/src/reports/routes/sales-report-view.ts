import { Amount, toMajor } from '@shop/kernel/money'
import { NextCursor } from '@shop/kernel/pagination'
import { z } from 'zod'
import { figuresOf, SALES_GROUPS, type SalesRow, type SalesTotals } from '../domain/sales.ts'
import type { SalesReport } from '../read-sales-report.ts'
import type { SalesReportQuery } from './sales-report-query.ts'

const amount = (description: string, example: number) => Amount.meta({ description, example })
const signed = (description: string, example: number) => z.number().meta({ description, example })

const figures = {
  currency: z.string().meta({ example: 'EUR' }),
  orders: z.int().meta({
    description: 'Orders sold. In a row of a product: those of them that have it; in the row without a product: 0',
    example: 2,
  }),
  gross: amount('The lines of these orders at their prices before discounts', 250),
  discounts: amount('Taken off lines and shipping', 25),
  shipping: amount('Shipping before its discount', 10),
  tax: amount('All tax of these orders, on lines and shipping', 41.5),
  included_tax: amount('The part of `tax` that is in `gross` and `shipping` already, since their prices include it', 0),
  total: amount('gross − discounts + shipping + tax − included_tax: the totals of these orders', 276.5),
  gift_cards: amount('The part of these orders that gift cards paid', 0),
  adjustments: signed(
    'captured − (total − gift_cards). Negative where only a part of an order was captured; positive where a payment came in that its order ' +
      'did not take, which is then refunded',
    0,
  ),
  captured: signed(
    'total − gift_cards + adjustments: the money that came in. Negative only in a row without a product',
    276.5,
  ),
  refunds: signed('Refunds that left, less those that banks sent back; of these orders or of earlier ones', 40),
  credited: amount('Refunds to gift cards instead of money: to the cards that paid, or as store credit', 0),
  disputes: signed(
    'What banks withdrew because of disputes, less what they returned; of these orders or of earlier ones',
    0,
  ),
  net: signed('captured − refunds − disputes: by how much the `stripe` account of the ledger changed', 236.5),
}

const SalesTotalsView = z.strictObject(figures).meta({ id: 'SalesTotals' })

const SalesRowView = z
  .strictObject({
    day: z.string().optional().meta({ description: 'With `group=day`', example: '2026-11-23' }),
    product_id: z
      .int()
      .nullable()
      .optional()
      .meta({
        description:
          'With `group=product`. Null for what belongs to orders as a whole: shipping with its discount and tax, adjustments, ' +
          'disputes, and refunds that name no lines',
      }),
    product_name: z.string().nullable().optional().meta({
      description:
        'With `group=product`: its name in the last sale of the period; without one, the name on the refunded order',
    }),
    country: z
      .string()
      .nullable()
      .optional()
      .meta({
        description:
          'With `group=country`: ISO 3166-1 alpha-2, of the shipping address, or else of the billing address. Null for orders ' +
          'whose addresses name none',
      }),
    ...figures,
  })
  .meta({ id: 'SalesRow' })

export const SalesReportAnswer = z
  .strictObject({
    sales_report: z
      .strictObject({
        from: z.string().meta({ example: '2026-11-01' }),
        to: z.string().meta({ example: '2026-12-01' }),
        time_zone: z.string().meta({ example: 'UTC' }),
        group: z.enum(SALES_GROUPS),
        totals: z.array(SalesTotalsView).meta({ description: 'Of the whole period, one for each currency' }),
        rows: z.array(SalesRowView).meta({ description: 'By currency, then by day, product or country' }),
      })
      .meta({ id: 'SalesReport' }),
    next_cursor: NextCursor,
  })
  .meta({ id: 'SalesReportAnswer' })

export function toSalesReportAnswer(
  { from, to, time_zone, group }: SalesReportQuery,
  { totals, items, nextCursor }: SalesReport,
): z.infer<typeof SalesReportAnswer> {
  return {
    sales_report: {
      ...{ from, to, time_zone, group },
      totals: totals.map(toFigures),
      rows: items.map((row) => ({ ...groupOf(row, group), ...toFigures(row) })),
    },
    next_cursor: nextCursor,
  }
}

function groupOf({ key, name }: SalesRow, group: SalesReportQuery['group']) {
  switch (group) {
    case 'day':
      return { day: key ?? '' }
    case 'product':
      return { product_id: key === null ? null : Number(key), product_name: name }
    case 'country':
      return { country: key }
  }
}

function toFigures(sums: SalesTotals): z.infer<typeof SalesTotalsView> {
  const { orders, ...amounts } = figuresOf(sums)
  const major = (name: keyof typeof amounts) => toMajor(amounts[name], sums.currency)
  return {
    currency: sums.currency,
    orders,
    gross: major('gross'),
    discounts: major('discounts'),
    shipping: major('shipping'),
    tax: major('tax'),
    included_tax: major('includedTax'),
    total: major('total'),
    gift_cards: major('giftCards'),
    adjustments: major('adjustments'),
    captured: major('captured'),
    refunds: major('refunds'),
    credited: major('credited'),
    disputes: major('disputes'),
    net: major('net'),
  }
}
