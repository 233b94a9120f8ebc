import type { OrdersApp } from '../../deps.ts'
import { addListInvoices } from './list-invoices.ts'
import { addPrintInvoice } from './print-invoice.ts'
import { addPrintPackingSlip } from './print-packing-slip.ts'

export function addInvoiceRoutes(app: OrdersApp): void {
  addListInvoices(app)
  addPrintInvoice(app)
  addPrintPackingSlip(app)
}
