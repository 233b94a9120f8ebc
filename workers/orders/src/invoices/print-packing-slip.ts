import type { OrderNotFound, ShipmentNotFound } from '@shop/contracts/orders/failures'
import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { isId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../deps.ts'
import { printedPackingSlip } from './domain/printed-packing-slip.ts'
import type { PrintedFile } from './print-invoice.ts'

/** Prints a packing slip as PDF, for staff: of one shipment, or of the whole order. */
export async function printPackingSlip(
  deps: Pick<OrdersDeps, 'orders' | 'print' | 'shop'>,
  caller: Caller,
  { orderId, shipmentId }: { orderId: string; shipmentId: string | undefined },
): Promise<Result<PrintedFile, AccessFailure | OrderNotFound | ShipmentNotFound>> {
  const staff = requireScope(caller, 'orders:fulfill')
  if (!staff.ok) return staff
  const order = isId('order', orderId) ? await deps.orders.find(orderId) : undefined
  if (order === undefined) return fail({ code: 'order_not_found' })
  const shipment = order.shipments.find(({ id }) => id === shipmentId)
  if (shipmentId !== undefined && shipment === undefined) return fail({ code: 'shipment_not_found', shipmentId })
  const bytes = await deps.print(printedPackingSlip(order, shipment, deps.shop))
  return ok({ name: `packing-slip-${order.number}.pdf`, bytes })
}
