import type { OrderId } from '@shop/kernel/ids'
import type { Buyer } from '../../access/domain/buyer.ts'
import type { PricedOrder } from '../../pricing/domain/price-order.ts'
import type { NewOrder, Order, OrderEvent, OrderLine } from './order.ts'

/** What an order keeps as it was sent, or as it was checked. */
export type OrderDetails = Pick<Order, 'shippingAddress' | 'billingAddress' | 'note' | 'vatId' | 'cartId'>

type Terms = {
  id: OrderId
  number: number
  buyer: Buyer
  priced: Omit<PricedOrder, 'lines'> & { lines: OrderLine[] }
  details: OrderDetails
  placedAt: Date
  expiresAt: Date
}

/** A pending, unpaid order with its `placed` event. An order that costs nothing is paid by placing it. */
export function newOrder({ id, number, buyer, priced, details, placedAt, expiresAt }: Terms): NewOrder {
  const order: Order = {
    id,
    number,
    userId: buyer.userId,
    claimedAt: null,
    email: buyer.email,
    status: 'pending',
    paymentStatus: 'unpaid',
    fulfillmentStatus: 'unfulfilled',
    cancelReason: null,
    ...priced,
    ...details,
    shipments: [],
    lineRefunds: [],
    returns: [],
    createdAt: placedAt,
    updatedAt: placedAt,
    expiresAt,
    paymentId: null,
    furtherPayments: [],
    chargeNo: 1,
    chargedAmount: 0,
    giftCardAmount: 0,
    creditedAmount: 0,
    capturedAmount: 0,
    refundedAmount: 0,
    refundFailed: false,
    disputedAmount: 0,
    chargedBackAmount: 0,
    stockCommitted: false,
    metadata: {},
    version: 1,
  }
  const { actor } = buyer
  const placed: OrderEvent = { orderId: id, seq: 1, type: 'placed', at: placedAt, actor, data: { amount: order.total } }
  if (order.total > 0) return { order, events: [placed] }
  const paid: OrderEvent = { ...placed, seq: 2, type: 'paid' }
  return { order: { ...order, status: 'processing', paymentStatus: 'paid', version: 2 }, events: [placed, paid] }
}
