import type { OrdersDeps } from '../../src/deps.ts'
import type { DueInvoice } from '../../src/invoices/domain/due-invoice.ts'
import type { Invoice } from '../../src/invoices/domain/invoice.ts'
import type { Order } from '../../src/orders/domain/order.ts'

const PREFIXES = { invoice: 'INV-', credit_note: 'CN-' } as const

/** A document of an order as it was issued, with a number. */
export const anIssued = (order: Order, due: DueInvoice, sequence: number): Invoice => ({
  ...due,
  number: `${PREFIXES[due.series]}${sequence}`,
  orderId: order.id,
  orderVersion: order.version,
  issuedAt: order.updatedAt,
  currency: order.currency,
  buyer: {
    email: order.email,
    vatId: order.vatId,
    shippingAddress: order.shippingAddress,
    billingAddress: order.billingAddress,
  },
})

/** Invoices and credit notes in memory. `issue` numbers those of a change. */
export function memoryInvoices() {
  const issued: Invoice[] = []
  const invoices: OrdersDeps['invoices'] = {
    listOf: async (orderIds) => issued.filter(({ orderId }) => orderIds.includes(orderId)),
  }
  const issue = (order: Order, due: readonly DueInvoice[] = []) => {
    for (const one of due) {
      const last = issued.filter(({ series }) => series === one.series).length
      issued.push(anIssued(order, one, last + 1))
    }
  }
  return { invoices, issue }
}
