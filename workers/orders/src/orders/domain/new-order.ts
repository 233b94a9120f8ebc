import type { OrderId, PaymentId } from '@shop/kernel/ids'
import type { Buyer } from '../../access/domain/buyer.ts'
import { sumOf } from '../../gift-cards/domain/apply-gift-cards.ts'
import { invoicePaid } from '../../invoices/domain/invoicing.ts'
import type { PricedOrder } from '../../pricing/domain/price-order.ts'
import { amountDueOf } from './amount-due.ts'
import type { NewOrder, Order, OrderEvent, OrderLine } from './order.ts'

/** What an order keeps as it was sent, or as it was checked. */
export type OrderDetails = Pick<
  Order,
  'shippingAddress' | 'billingAddress' | 'note' | 'vatId' | 'cartId' | 'exchangeOf'
>

type Terms = {
  id: OrderId
  number: number
  buyer: Buyer
  priced: Omit<PricedOrder, 'lines'> & { lines: OrderLine[] }
  details: OrderDetails
  /** Of what gift cards pay, if they pay something. */
  giftCardPaymentId: PaymentId
  placedAt: Date
  expiresAt: Date
}

/** A pending, unpaid order with its `placed` event. One that costs nothing, or that gift cards pay, is paid by placing it. */
export function newOrder({ id, number, buyer, details, placedAt, expiresAt, ...terms }: Terms): NewOrder {
  const { giftCards: entered, ...priced } = terms.priced
  const giftCards = entered.filter(({ amount }) => amount > 0)
  const giftCardPayments = giftCards.length === 0 ? [] : [terms.giftCardPaymentId]
  const order: Order = {
    id,
    number,
    userId: buyer.userId,
    claimedAt: null,
    erasedAt: null,
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
    furtherPayments: giftCardPayments,
    chargeNo: 1,
    chargedAmount: 0,
    giftCardAmount: sumOf(giftCards),
    giftCardReturned: 0,
    creditedAmount: 0,
    capturedAmount: 0,
    refundedAmount: 0,
    invoiced: null,
    refundFailed: false,
    disputedAmount: 0,
    chargedBackAmount: 0,
    stockCommitted: false,
    metadata: {},
    version: 1,
  }
  const { actor } = buyer
  const placed: OrderEvent = { orderId: id, seq: 1, type: 'placed', at: placedAt, actor, data: { amount: order.total } }
  if (amountDueOf(order) > 0) return { order, events: [placed], giftCards }
  const paid: OrderEvent = { ...placed, seq: 2, type: 'paid' }
  const { invoices, invoiced } = invoicePaid(order)
  const paidOrder: Order = { ...order, status: 'processing', paymentStatus: 'paid', invoiced, version: 2 }
  return { order: paidOrder, events: [placed, paid], giftCards, invoices }
}
