import { currency, type Order } from '@shop/contracts'
import { newId } from '@shop/http/ids'

/** A pending order of two lines, 25.00 USD, unless told otherwise. */
export function anOrder(over: Partial<Order> = {}): Order {
  const now = new Date('2026-11-23T10:00:00.000Z')
  return {
    id: newId('order'),
    userId: newId('user'),
    status: 'pending',
    paymentStatus: 'unpaid',
    cancelReason: null,
    total: 2_500,
    currency: currency('USD'),
    lines: [
      { productId: 1, variantId: 11, name: 'Mug', quantity: 2, unitPrice: 1_000, total: 2_000 },
      { productId: 2, variantId: 12, name: 'Filter papers', quantity: 1, unitPrice: 500, total: 500 },
    ],
    shippingAddress: { line1: '1 Main St', city: 'Springfield' },
    createdAt: now,
    updatedAt: now,
    expiresAt: new Date(now.getTime() + 900_000),
    paymentId: null,
    stockCommitted: false,
    version: 1,
    ...over,
  }
}
