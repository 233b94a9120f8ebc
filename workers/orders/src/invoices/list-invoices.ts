import type { OrderNotFound } from '@shop/contracts/orders/failures'
import type { OrderAccess } from '@shop/contracts/orders/rpc'
import type { AuthenticationRequired } from '@shop/kernel/caller'
import type { Result } from '@shop/kernel/result'
import { readVisibleOrder } from '../access/read-visible-order.ts'
import type { OrdersDeps } from '../deps.ts'
import type { Order } from '../orders/domain/order.ts'
import type { Invoice } from './domain/invoice.ts'

export type InvoicedOrder = { order: Order; issued: Invoice[] }

/** The invoices and credit notes of an order, as they were issued, for callers who may see it. None until it is paid. */
export function listInvoices(
  deps: Pick<OrdersDeps, 'orders' | 'invoices' | 'tokens'>,
  access: OrderAccess,
): Promise<Result<InvoicedOrder, AuthenticationRequired | OrderNotFound>> {
  return readVisibleOrder(
    deps,
    access,
    async (id): Promise<InvoicedOrder | undefined> => {
      const [order, issued] = await Promise.all([deps.orders.find(id), deps.invoices.listOf([id])])
      return order && { order, issued }
    },
    ({ order }) => order,
  )
}
