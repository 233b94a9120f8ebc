import type { OrderNotFound } from '@shop/contracts/orders/failures'
import type { CaptureDue, ShippedPart } from '@shop/contracts/orders/rpc'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../deps.ts'
import { captureDueOf } from './domain/capture-due.ts'

/** What payments captures for orders after one of their shipments has left. */
export async function capturesDue(
  deps: Pick<OrdersDeps, 'orders'>,
  parts: ShippedPart[],
): Promise<Result<Result<CaptureDue, OrderNotFound>[], never>> {
  const orders = await deps.orders.findAll([...new Set(parts.map(({ orderId }) => orderId))])
  return ok(
    parts.map(({ orderId, shipmentId }) => {
      const order = orders.find(({ id }) => id === orderId)
      return order === undefined ? fail({ code: 'order_not_found' } as const) : ok(captureDueOf(order, shipmentId))
    }),
  )
}
