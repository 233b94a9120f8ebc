import { scope } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import type { OrdersApp } from '../../deps.ts'
import { readSalesReport } from '../read-sales-report.ts'
import { SalesReportQuery } from './sales-report-query.ts'
import { SalesReportAnswer, toSalesReportAnswer } from './sales-report-view.ts'

const route = createRoute({
  method: 'get',
  path: '/api/reports/sales',
  operationId: 'readSalesReport',
  tags: ['Reports'],
  summary: 'Report what was sold and the money that came of it, by day, product or country (finance)',
  description:
    'An order counts on the day on which its payment was captured, with all its amounts; one with nothing to pay on the day ' +
    'on which it was placed. Refunds and disputes count on the day on which the money left, whenever the order was sold. ' +
    'Amounts are those stored with the order when it was placed. In each currency the rows add up to the totals, and `net` is ' +
    'the change of the `stripe` account of the ledger (`GET /api/payments/ledger`). `orders` of products do not add up: an ' +
    'order may have several.',
  access: scope('reports:read'),
  request: { query: SalesReportQuery },
  responses: {
    200: json('Totals, and a page of the rows', SalesReportAnswer),
    ...problems('validation_failed', 'invalid_cursor'),
  },
})

export function addReadSalesReport(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const query = c.req.valid('query')
    const { time_zone: timeZone, ...request } = query
    const report = await readSalesReport(c.get('deps'), c.get('caller'), { ...request, timeZone })
    return report.ok ? c.json(toSalesReportAnswer(query, report.value), 200) : problem(c, report.failure)
  })
}
