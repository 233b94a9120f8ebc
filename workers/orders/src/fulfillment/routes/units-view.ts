import { z } from 'zod'
import type { Order, OrderLine } from '../../orders/domain/order.ts'
import { toShipOf } from '../domain/completion.ts'

const units = (description: string) => z.int().meta({ description, example: 0 })

/** What became of the units of a line. */
export const unitFields = {
  to_ship: units('Units that are left to ship; 0 once the order was refunded in full'),
  packed_quantity: units('Units in shipments that have not left'),
  shipped_quantity: units('Units that have left'),
  removed_quantity: units('Units that were refunded before they shipped, so they never do'),
  refunded_quantity: units('Units that were refunded by line'),
  returning_quantity: units('Shipped units that open returns expect'),
  returned_quantity: units('Units received by returns'),
}

export function toUnitsView(order: Order, line: OrderLine) {
  const { packed, shipped, removed, refunded, returning, returned } = line.units
  return {
    to_ship: toShipOf(order, line),
    packed_quantity: packed,
    shipped_quantity: shipped,
    removed_quantity: removed,
    refunded_quantity: refunded,
    returning_quantity: returning,
    returned_quantity: returned,
  }
}
