import { ORDER_ID_EXAMPLE } from '@shop/contracts/orders/access'
import { ORDER_ACTOR_KINDS, RETURN_STATUSES } from '@shop/contracts/orders/states'
import { opaqueId } from '@shop/kernel/ids'
import { Amount, toMajor } from '@shop/kernel/money'
import { Instant } from '@shop/kernel/text'
import { z } from 'zod'
import { LINE_ID_EXAMPLE } from '../../fulfillment/routes/shipment-view.ts'
import type { Order } from '../../orders/domain/order.ts'
import { refundedFor } from '../domain/refundable-units.ts'
import type { Return } from '../domain/return.ts'

export const RETURN_ID_EXAMPLE = 'ret_01jd4k2v9rf0fv8z3x1m5q7w2e'

const units = (description: string) => z.int().meta({ description, example: 0 })

export const ReturnView = z
  .strictObject({
    id: opaqueId(RETURN_ID_EXAMPLE),
    order_id: opaqueId(ORDER_ID_EXAMPLE),
    status: z.enum(RETURN_STATUSES).meta({
      description:
        '`requested`: staff have not decided yet; `approved`: the customer can send the items; `received`: all units have arrived; ' +
        '`closed`: no more units are expected; `refused`: by staff; `cancelled`: by the customer or staff before a decision',
      example: 'approved',
    }),
    requested_by: z.enum(ORDER_ACTOR_KINDS).meta({ example: 'customer' }),
    items: z.array(
      z.strictObject({
        line_id: opaqueId(LINE_ID_EXAMPLE),
        quantity: z.int().meta({ description: 'Units to return', example: 1 }),
        reason: z.string().meta({ example: 'wrong_size' }),
        received_quantity: units('Units received: restocked and written off'),
        restocked_quantity: units('Received units that are for sale again'),
        written_off_quantity: units('Received units that cannot be sold again'),
        refunded_quantity: units('Units that were refunded for this return'),
      }),
    ),
    note: z.string().nullable().meta({
      description: 'By the customer, or the staff member, who requested the return',
      example: 'The sleeves are too long',
    }),
    refuse_reason: z.string().nullable().meta({ example: null }),
    exchange_order_id: opaqueId(ORDER_ID_EXAMPLE).nullable().meta({
      description: 'The new order of an exchange',
    }),
    refunded_amount: Amount.meta({ description: 'What was refunded for this return, in major units', example: 0 }),
    currency: z.string().meta({ example: 'USD' }),
    created_at: Instant,
    updated_at: Instant,
    approved_at: Instant.nullable(),
    refused_at: Instant.nullable(),
    cancelled_at: Instant.nullable(),
    received_at: Instant.nullable().meta({ description: 'When units last arrived' }),
    closed_at: Instant.nullable(),
  })
  .meta({ id: 'Return' })

export const ReturnResponse = z.strictObject({ return: ReturnView }).meta({ id: 'ReturnResponse' })

export function toReturnView(order: Order, returned: Return): z.infer<typeof ReturnView> {
  const refunded = refundedFor(order, returned.id)
  return {
    id: returned.id,
    order_id: order.id,
    status: returned.status,
    requested_by: returned.requestedBy.kind,
    items: returned.items.map((item) => ({
      line_id: item.lineId,
      quantity: item.quantity,
      reason: item.reason,
      received_quantity: item.received,
      restocked_quantity: item.restocked,
      written_off_quantity: item.writtenOff,
      refunded_quantity: refunded.quantities.get(item.lineId) ?? 0,
    })),
    note: returned.note,
    refuse_reason: returned.refuseReason,
    exchange_order_id: returned.exchangeOrderId,
    refunded_amount: toMajor(refunded.amount, order.currency),
    currency: order.currency,
    created_at: returned.createdAt.toISOString(),
    updated_at: returned.updatedAt.toISOString(),
    approved_at: returned.approvedAt?.toISOString() ?? null,
    refused_at: returned.refusedAt?.toISOString() ?? null,
    cancelled_at: returned.cancelledAt?.toISOString() ?? null,
    received_at: returned.receivedAt?.toISOString() ?? null,
    closed_at: returned.closedAt?.toISOString() ?? null,
  }
}
