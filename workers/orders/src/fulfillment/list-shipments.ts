import type { OrderNotFound } from '@shop/contracts/orders/failures'
import type { OrderAccess } from '@shop/contracts/orders/rpc'
import type { AuthenticationRequired } from '@shop/kernel/caller'
import type { OrderId } from '@shop/kernel/ids'
import { ok, type Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../deps.ts'
import { getOrder } from '../orders/get-order.ts'
import type { Shipment } from './domain/shipment.ts'

/** The shipments of an order, oldest first, for callers who may see it. */
export async function listShipments(
  deps: Pick<OrdersDeps, 'orders' | 'tokens'>,
  access: OrderAccess,
): Promise<Result<{ id: OrderId; shipments: Shipment[] }, AuthenticationRequired | OrderNotFound>> {
  const found = await getOrder(deps, access)
  return found.ok ? ok({ id: found.value.id, shipments: found.value.shipments }) : found
}
