import type { Order, OrderChange, ShippingAddress } from '@shop/contracts'
import type { OrderId } from '@shop/kernel'
import type { Buyer } from './buyer.ts'
import type { PricedOrder } from './pricing.ts'

type Terms = {
  id: OrderId
  buyer: Buyer
  priced: PricedOrder
  shippingAddress: ShippingAddress | null
  placedAt: Date
  expiresAt: Date
}

/** A fresh order, waiting for its payment, with the event that it was placed. */
export function newOrder(terms: Terms): Pick<OrderChange, 'order' | 'event'> {
  const { id, buyer, priced, shippingAddress, placedAt, expiresAt } = terms
  const order: Order = {
    id,
    userId: buyer.userId,
    email: buyer.email,
    status: 'pending',
    paymentStatus: 'unpaid',
    cancelReason: null,
    ...priced,
    shippingAddress,
    createdAt: placedAt,
    updatedAt: placedAt,
    expiresAt,
    paymentId: null,
    capturedAmount: 0,
    refundedAmount: 0,
    stockCommitted: false,
    version: 1,
  }
  const { actor } = buyer
  return { order, event: { orderId: id, seq: 1, type: 'placed', at: placedAt, actor, data: { amount: order.total } } }
}
