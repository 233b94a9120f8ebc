import type { EventPayload, EventType, ShopEvent } from '@shop/contracts/events/catalogue'
import { now, ORDER_ID } from './builders.ts'

/** An event of orders that payments pulls. */
const orderEvent = <T extends EventType>(id: number, type: T, payload: EventPayload<T>) =>
  // The type and the payload are a pair by the signature.
  ({ id, type, version: 1, key: ORDER_ID, sequence: id, payload, createdAt: now }) as unknown as ShopEvent

const order = {
  orderId: ORDER_ID,
  userId: null,
  status: 'processing',
  paymentStatus: 'paid',
  cancelReason: null,
  total: 2_500,
  currency: 'USD',
  capturedAmount: 0,
  refundedAmount: 0,
  paymentId: null,
} as const

/** An edit of the order, after which charge `chargeNo` pays what is due. */
export const anEdit = (id: number, chargeNo: number) => orderEvent(id, 'order.edited', { ...order, chargeNo })

/** What an edit owes of the order, in minor units of USD. */
export const aDueRefund = (id: number, over: Partial<EventPayload<'order.refund_due'>> = {}) =>
  orderEvent(id, 'order.refund_due', {
    orderId: ORDER_ID,
    refundId: 'refund_01jd4k2v9rf0fv8z3x1m5q7w4d',
    origin: 'edit',
    amount: 500,
    storeCredit: 0,
    currency: 'USD',
    ...over,
  })

export const GIFT_PAYMENT_ID = 'pay_01jd4k2v9rf0fv8z3x1m5q7w4g'

/** Gift cards paid an amount of the order, or got it back. */
export const giftCards = (id: number, type: 'gift_card.spent' | 'gift_card.returned', amount: number) =>
  orderEvent(id, type, { orderId: ORDER_ID, paymentId: GIFT_PAYMENT_ID, userId: null, amount, currency: 'USD' })

/** A gift card was given its balance, or ended. */
export const giftCard = (
  id: number,
  type: 'gift_card.issued' | 'gift_card.ended',
  over: Partial<EventPayload<'gift_card.issued'>> = {},
) =>
  orderEvent(id, type, {
    giftCardId: `gift_${id}`,
    source: 'sale',
    amount: 1_000,
    currency: 'USD',
    orderId: null,
    refundId: null,
    ...over,
  })
