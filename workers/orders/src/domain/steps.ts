import type {
  Order,
  OrderActor,
  OrderChange,
  OrderEventData,
  OrderEventType,
  OrderStatus,
  PaymentStatus,
} from '@shop/contracts'

/** Every step an order can take. Payment alone leads from `pending` to `processing`. */
export const STATUS_STEPS: Record<OrderStatus, readonly OrderStatus[]> = {
  pending: ['processing', 'cancelled'],
  processing: ['shipped', 'cancelled'],
  shipped: ['delivered'],
  delivered: [],
  cancelled: [],
}

/**
 * Every step its payment can take. An authorization that ends without a capture leaves the order unpaid, and a refund that
 * comes back from the bank is none.
 */
export const PAYMENT_STEPS: Record<PaymentStatus, readonly PaymentStatus[]> = {
  unpaid: ['authorized', 'paid'],
  authorized: ['paid', 'unpaid'],
  paid: ['partially_refunded', 'refunded'],
  partially_refunded: ['refunded', 'paid'],
  refunded: ['partially_refunded', 'paid'],
}

/** What a step makes of an order; whatever is left out stays as it is. */
type Progress = Partial<
  Pick<
    Order,
    | 'status'
    | 'paymentStatus'
    | 'cancelReason'
    | 'expiresAt'
    | 'paymentId'
    | 'capturedAmount'
    | 'refundedAmount'
    | 'stockCommitted'
  >
>

export type Changed = {
  kind: 'changed'
  type: OrderEventType
  to: Progress
  data: OrderEventData
  announce: OrderChange['announce']
}

/** A step of an order: `unchanged` when it was taken before, so that a retried request succeeds. */
export type Step = { kind: 'unchanged' } | Changed

export const UNCHANGED = { kind: 'unchanged' } as const

export function step(
  type: OrderEventType,
  to: Progress,
  data: OrderEventData = {},
  announce: OrderChange['announce'] = null,
): Changed {
  return { kind: 'changed', type, to, data, announce }
}

/**
 * The order after a step, with the event that tells of it.
 *
 * @throws RangeError when the tables have no such step: the decision before it was wrong
 */
export function changeOf(order: Order, taken: Changed, by: { actor: OrderActor; at: Date }): OrderChange {
  const next: Order = { ...order, ...taken.to, updatedAt: by.at, version: order.version + 1 }
  if (!isStep(STATUS_STEPS, order.status, next.status)) throw illegal(order.id, order.status, next.status)
  if (!isStep(PAYMENT_STEPS, order.paymentStatus, next.paymentStatus)) {
    throw illegal(order.id, order.paymentStatus, next.paymentStatus)
  }
  const event = { orderId: order.id, seq: next.version, type: taken.type, at: by.at, actor: by.actor, data: taken.data }
  return { order: next, event, announce: taken.announce }
}

function isStep<S extends string>(steps: Record<S, readonly S[]>, from: S, to: S): boolean {
  return from === to || steps[from].includes(to)
}

const illegal = (id: string, from: string, to: string) => new RangeError(`Order ${id} cannot go from ${from} to ${to}`)
