import type { InvoiceNotFound, OrderNotFound } from '@shop/contracts/orders/failures'
import type { OrderAccess } from '@shop/contracts/orders/rpc'
import type { AuthenticationRequired } from '@shop/kernel/caller'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../deps.ts'
import { currentInvoice } from './domain/invoice.ts'
import { printedInvoice } from './domain/printed-invoice.ts'
import { listInvoices } from './list-invoices.ts'

export type PrintedFile = { name: string; bytes: Uint8Array }

/**
 * Prints a document of an order as PDF: the one with the number, or the latest invoice for the whole order. The file is always the same
 * until the order is erased. Printing assigns no number and writes nothing.
 */
export async function printInvoice(
  deps: Pick<OrdersDeps, 'orders' | 'invoices' | 'tokens' | 'print' | 'shop'>,
  access: OrderAccess,
  number: string | undefined,
): Promise<Result<PrintedFile, AuthenticationRequired | OrderNotFound | InvoiceNotFound>> {
  const found = await listInvoices(deps, access)
  if (!found.ok) return found
  const { order, issued } = found.value
  const invoice = number === undefined ? currentInvoice(issued) : issued.find((one) => one.number === number)
  if (invoice === undefined) return fail({ code: 'invoice_not_found' })
  const bytes = await deps.print(printedInvoice(invoice, { order, issued, shop: deps.shop }))
  return ok({ name: `${invoice.number}.pdf`, bytes })
}
