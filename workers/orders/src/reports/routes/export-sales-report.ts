import { scope } from '@shop/http/access'
import { streamed } from '@shop/http/conditional'
import { createRoute, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { textStream } from '@shop/http/text-stream'
import { z } from 'zod'
import type { OrdersApp } from '../../deps.ts'
import { exportSalesReport } from '../export-sales-report.ts'
import { SalesExportQuery } from './sales-report-query.ts'

const route = createRoute({
  method: 'get',
  path: '/api/reports/sales.csv',
  operationId: 'exportSalesReport',
  tags: ['Reports'],
  summary: 'Export the sales report as CSV (finance)',
  description:
    'One line for each row of the report, sorted by currency, then by day, product or country. Text that a spreadsheet would run as ' +
    'a formula is prefixed with an apostrophe. The file is streamed; if it ends without completing the transfer, it is incomplete.',
  access: scope('reports:read'),
  request: { query: SalesExportQuery },
  responses: {
    200: { description: 'The rows', content: { 'text/csv': { schema: z.string() } } },
    ...problems('validation_failed'),
  },
})

export function addExportSalesReport(app: OrdersApp): void {
  app.openapi(route, (c) => {
    const { time_zone: timeZone, ...request } = c.req.valid('query')
    const exported = exportSalesReport(c.get('deps'), c.get('caller'), { ...request, timeZone })
    if (!exported.ok) return problem(c, exported.failure)
    streamed(c)
    return c.body(textStream(exported.value), 200, {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="sales-by-${request.group}.csv"`,
    })
  })
}
