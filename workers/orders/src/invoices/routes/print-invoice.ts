import { ownerOr } from '@shop/http/access'
import { createRoute, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { filterText } from '@shop/kernel/text'
import { z } from 'zod'
import { accessOf, ORDER_REQUEST } from '../../access/routes/order-request.ts'
import type { OrdersApp } from '../../deps.ts'
import { printInvoice } from '../print-invoice.ts'
import { PDF_RESPONSE, pdf } from './pdf.ts'

const PrintQuery = z.object({
  number: filterText(40).meta({
    type: 'string',
    description: 'Number of an invoice or credit note of the order. Default: the latest invoice for the whole order',
    example: 'INV-1001',
  }),
})

const route = createRoute({
  method: 'get',
  path: '/api/orders/{id}/invoice.pdf',
  operationId: 'printInvoice',
  tags: ['Invoices'],
  summary: 'Read an invoice or credit note of one of your orders as PDF',
  description: 'A document never changes, so the file is always the same. An order has no invoice until it is paid.',
  access: ownerOr(['orders:read'], 'order_token'),
  request: { ...ORDER_REQUEST, query: PrintQuery },
  responses: { 200: PDF_RESPONSE, ...problems('order_not_found', 'invoice_not_found') },
})

export function addPrintInvoice(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const access = accessOf(c.get('caller'), c.req.valid('param'), c.req.valid('header'))
    const printed = await printInvoice(c.get('deps'), access, c.req.valid('query').number)
    return printed.ok ? pdf(c, printed.value) : problem(c, printed.failure)
  })
}
