import type { Order, OrderEvent, OrderEventView, OrderView } from '@shop/contracts'
import { type CurrencyCode, toMajor } from '@shop/kernel'

export function toOrderView(order: Order): OrderView {
  return {
    id: order.id,
    user_id: order.userId,
    email: order.email,
    status: order.status,
    payment_status: order.paymentStatus,
    cancel_reason: order.cancelReason,
    total_amount: toMajor(order.total, order.currency),
    captured_amount: toMajor(order.capturedAmount, order.currency),
    refunded_amount: toMajor(order.refundedAmount, order.currency),
    currency: order.currency,
    items: order.lines.map((line) => ({
      product_id: line.productId,
      name: line.name,
      category: line.category,
      image_url: line.imageUrl,
      quantity: line.quantity,
      price: toMajor(line.unitPrice, order.currency),
    })),
    shipping_address: order.shippingAddress,
    created_at: order.createdAt.toISOString(),
    updated_at: order.updatedAt.toISOString(),
    expires_at: order.expiresAt.toISOString(),
  }
}

/** @param forStaff customers are not told which of the staff it was */
export function toEventView(event: OrderEvent, currency: CurrencyCode, forStaff: boolean): OrderEventView {
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
      ...(data.reason === undefined ? {} : { reason: data.reason }),
      ...(data.expiresAt === undefined ? {} : { expires_at: data.expiresAt }),
    },
  }
}
