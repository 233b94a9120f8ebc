import { type Order, type OrderView, toMajor } from '@shop/contracts'

export function toOrderView(order: Order): OrderView {
  return {
    id: order.id,
    user_id: order.userId,
    status: order.status,
    payment_status: order.paymentStatus,
    cancel_reason: order.cancelReason,
    total_amount: toMajor(order.total, order.currency),
    currency: order.currency,
    items: order.lines.map((line) => ({
      product_id: line.productId,
      name: line.name,
      quantity: line.quantity,
      price: toMajor(line.unitPrice, order.currency),
    })),
    shipping_address: order.shippingAddress,
    created_at: order.createdAt.toISOString(),
    updated_at: order.updatedAt.toISOString(),
    expires_at: order.expiresAt.toISOString(),
  }
}
