import type { Db } from '@shop/db/client'
import { invoices } from '@shop/db/schema/orders-invoices'
import type { OrderId } from '@shop/kernel/ids'
import { asc, inArray } from 'drizzle-orm'
import type { Invoice } from '../domain/invoice.ts'

/** Invoices and credit notes. They are written with the changes of orders that they are issued for. */
export const invoiceRepository = (db: Db) => ({
  /** All of some orders, as they were issued; of one change, the credit note first. Index: invoices_of_order. */
  async listOf(orderIds: OrderId[]): Promise<Invoice[]> {
    if (orderIds.length === 0) return []
    const rows = await db
      .select()
      .from(invoices)
      .where(inArray(invoices.orderId, orderIds))
      .orderBy(asc(invoices.orderVersion), asc(invoices.series))
    // The columns are those that `invoiceCtes` writes, which has them from an Invoice.
    return rows.map(({ sequence: _, ...row }) => row as Invoice)
  },
})
