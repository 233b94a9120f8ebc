import { ORDER_ACTOR_KINDS, ORDER_EVENT_TYPES } from '@shop/contracts/orders/states'
import type { CurrencyCode } from '@shop/kernel/currencies'
import { opaqueId } from '@shop/kernel/ids'
import { Amount, toMajor } from '@shop/kernel/money'
import { Instant } from '@shop/kernel/text'
import { z } from 'zod'
import { SHIPMENT_ID_EXAMPLE } from '../../fulfillment/routes/shipment-view.ts'
import { RETURN_ID_EXAMPLE } from '../../returns/routes/return-view.ts'
import type { OrderEvent } from '../domain/order.ts'
import { UserIdView } from './order-view.ts'

export const OrderEventView = z
  .strictObject({
    seq: z.int().meta({ description: "Counts the order's changes from 1, without gaps", example: 2 }),
    type: z.enum(ORDER_EVENT_TYPES).meta({ example: 'paid' }),
    at: Instant,
    actor: z.strictObject({
      kind: z.enum(ORDER_ACTOR_KINDS).meta({ example: 'system' }),
      user_id: UserIdView.meta({ description: 'Of staff, for staff only', example: null }),
    }),
    data: z
      .strictObject({
        amount: Amount.optional(),
        payment_id: opaqueId('pay_01jd4k2v9rf0fv8z3x1m5q7w2e').optional(),
        refund_id: opaqueId('refund_01jd4k2v9rf0fv8z3x1m5q7w2e').optional(),
        shipment_id: opaqueId(SHIPMENT_ID_EXAMPLE).optional(),
        return_id: opaqueId(RETURN_ID_EXAMPLE).optional(),
        reason: z.string().optional().meta({ example: 'expired' }),
        expires_at: Instant.optional(),
        previous_total: Amount.optional().meta({
          description: 'For an edit: the total before it. `amount` is the total after it',
        }),
      })
      .meta({ description: 'Details of the event' }),
  })
  .meta({ id: 'OrderEvent' })

/** @param forStaff customers do not see which staff member made a change */
export function toEventView(
  event: OrderEvent,
  currency: CurrencyCode,
  forStaff: boolean,
): z.infer<typeof OrderEventView> {
  const { seq, type, at, actor, data } = event
  const isNamed = 'userId' in actor && (actor.kind === 'customer' || forStaff)
  return {
    seq,
    type,
    at: at.toISOString(),
    actor: { kind: actor.kind, user_id: isNamed ? actor.userId : null },
    data: {
      ...(data.amount === undefined ? {} : { amount: toMajor(data.amount, currency) }),
      ...(data.paymentId === undefined ? {} : { payment_id: data.paymentId }),
      ...(data.refundId === undefined ? {} : { refund_id: data.refundId }),
      ...(data.shipmentId === undefined ? {} : { shipment_id: data.shipmentId }),
      ...(data.returnId === undefined ? {} : { return_id: data.returnId }),
      ...(data.reason === undefined ? {} : { reason: data.reason }),
      ...(data.expiresAt === undefined ? {} : { expires_at: data.expiresAt }),
      ...(data.previousTotal === undefined ? {} : { previous_total: toMajor(data.previousTotal, currency) }),
    },
  }
}
