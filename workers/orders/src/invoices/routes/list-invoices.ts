import { ownerOr } from '@shop/http/access'
import { createRoute, json, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { z } from 'zod'
import { accessOf, ORDER_REQUEST } from '../../access/routes/order-request.ts'
import type { OrdersApp } from '../../deps.ts'
import { listInvoices } from '../list-invoices.ts'
import { InvoiceView, toInvoiceView } from './invoice-view.ts'

const route = createRoute({
  method: 'get',
  path: '/api/orders/{id}/invoices',
  operationId: 'listInvoices',
  tags: ['Invoices'],
  summary: 'List the invoices and credit notes of one of your orders, oldest first',
  description: 'An order has none until it is paid. A guest sends the order’s token in `X-Order-Token`.',
  access: ownerOr(['orders:read'], 'order_token'),
  request: ORDER_REQUEST,
  responses: {
    200: json('The documents', z.strictObject({ invoices: z.array(InvoiceView) }).meta({ id: 'InvoicesOfOrder' })),
    ...problems('order_not_found'),
  },
})

export function addListInvoices(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const access = accessOf(c.get('caller'), c.req.valid('param'), c.req.valid('header'))
    const found = await listInvoices(c.get('deps'), access)
    if (!found.ok) return problem(c, found.failure)
    const { issued } = found.value
    return c.json({ invoices: issued.map((invoice) => toInvoiceView(invoice, issued)) }, 200)
  })
}
