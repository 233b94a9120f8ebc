import { ORDER_ID_EXAMPLE } from '@shop/contracts/orders/access'
import { SHIPMENT_STATUSES } from '@shop/contracts/orders/states'
import { opaqueId } from '@shop/kernel/ids'
import { Instant } from '@shop/kernel/text'
import { z } from 'zod'
import type { Shipment } from '../domain/shipment.ts'

export const SHIPMENT_ID_EXAMPLE = 'ship_01jd4k2v9rf0fv8z3x1m5q7w2e'
export const LINE_ID_EXAMPLE = 'line_01jd4k2v9rf0fv8z3x1m5q7w2e'

export const ShipmentView = z
  .strictObject({
    id: opaqueId(SHIPMENT_ID_EXAMPLE),
    order_id: opaqueId(ORDER_ID_EXAMPLE),
    status: z.enum(SHIPMENT_STATUSES).meta({
      description: '`packed`: set aside, and it can be cancelled; `shipped`: it has left',
      example: 'shipped',
    }),
    items: z.array(z.strictObject({ line_id: opaqueId(LINE_ID_EXAMPLE), quantity: z.int().meta({ example: 1 }) })),
    carrier: z.string().nullable().meta({ example: 'DHL' }),
    tracking_number: z.string().nullable().meta({ example: '00340434161094042557' }),
    tracking_url: z.string().nullable().meta({ example: 'https://track.example.com/00340434161094042557' }),
    created_at: Instant,
    updated_at: Instant,
    shipped_at: Instant.nullable(),
    delivered_at: Instant.nullable(),
    cancelled_at: Instant.nullable(),
  })
  .meta({ id: 'Shipment' })

export const ShipmentResponse = z.strictObject({ shipment: ShipmentView }).meta({ id: 'ShipmentResponse' })

export function toShipmentView(orderId: string, shipment: Shipment): z.infer<typeof ShipmentView> {
  return {
    id: shipment.id,
    order_id: orderId,
    status: shipment.status,
    items: shipment.items.map(({ lineId, quantity }) => ({ line_id: lineId, quantity })),
    carrier: shipment.carrier,
    tracking_number: shipment.trackingNumber,
    tracking_url: shipment.trackingUrl,
    created_at: shipment.createdAt.toISOString(),
    updated_at: shipment.updatedAt.toISOString(),
    shipped_at: shipment.shippedAt?.toISOString() ?? null,
    delivered_at: shipment.deliveredAt?.toISOString() ?? null,
    cancelled_at: shipment.cancelledAt?.toISOString() ?? null,
  }
}
