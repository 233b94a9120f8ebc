import { z } from 'zod'
import {
  CANCEL_REASONS,
  FULFILLMENT_STATUSES,
  GIFT_CARD_SOURCES,
  ORDER_STATUSES,
  PAYMENT_STATUSES,
  REFUND_ORIGINS,
  RETURN_STATUSES,
  SHIPMENT_STATUSES,
} from '../orders/states.ts'
import type { EventDefinition } from './define.ts'

/** The order after the change. Amounts in minor units of `currency`. */
const order = z.object({
  orderId: z.string(),
  /** Null for the order of a guest. */
  userId: z.string().nullable(),
  status: z.enum(ORDER_STATUSES),
  paymentStatus: z.enum(PAYMENT_STATUSES),
  cancelReason: z.enum(CANCEL_REASONS).nullable(),
  total: z.int(),
  currency: z.string(),
  capturedAmount: z.int(),
  refundedAmount: z.int(),
  paymentId: z.string().nullable(),
})

/** Public, without a consumer in the shop: only webhooks and `GET /api/events` have it. */
const recorded = {
  version: 1,
  payload: order,
  key: 'orderId',
  isPublic: true,
  consumers: [],
} as const satisfies EventDefinition
const internal = { ...recorded, isPublic: false } as const
/** Live updates send it to pages that show the order. */
const shown = { ...recorded, consumers: ['live'] } as const satisfies EventDefinition
/** The customer gets a mail. */
const mailed = { ...recorded, consumers: ['notifications', 'live'] } as const satisfies EventDefinition
/** The customer gets a mail, and an account with the address of a guest can claim the paid order. */
const settled = {
  ...recorded,
  consumers: ['notifications', 'orders_claims', 'live'],
} as const satisfies EventDefinition
/** The cart after its last change. Amounts in minor units of `currency`. */
const cart = z.object({
  cartId: z.string(),
  /** Null for the cart of a guest; the cart then has an e-mail address. */
  userId: z.string().nullable(),
  itemCount: z.int(),
  /** The total that the buyer last saw; null if the cart was never shown. */
  total: z.int().nullable(),
  currency: z.string(),
})
/** The shipment and its order after the change. */
const shipment = z.object({
  orderId: z.string(),
  /** Null for the order of a guest. */
  userId: z.string().nullable(),
  status: z.enum(ORDER_STATUSES),
  fulfillmentStatus: z.enum(FULFILLMENT_STATUSES),
  shipmentId: z.string(),
  shipmentStatus: z.enum(SHIPMENT_STATUSES),
  items: z.array(z.object({ lineId: z.string(), quantity: z.int() })),
})
/** The return after the change. For each line: the units to return, and the units received so far. */
const returned = z.object({
  orderId: z.string(),
  /** Null for the order of a guest. */
  userId: z.string().nullable(),
  returnId: z.string(),
  returnStatus: z.enum(RETURN_STATUSES),
  /** The new order of an exchange; null without one. */
  exchangeOrderId: z.string().nullable(),
  items: z.array(
    z.object({
      lineId: z.string(),
      quantity: z.int(),
      /** A code from the shop's list, such as `wrong_size`. */
      reason: z.string(),
      /** `restocked` + `writtenOff`. */
      received: z.int(),
      restocked: z.int(),
      writtenOff: z.int(),
    }),
  ),
})
const refund = order.extend({ refundId: z.string(), amount: z.int() })
/**
 * A refund that orders starts. `storeCredit` is the part of `amount` that an exchange has already issued as a gift card; payments
 * refunds the rest. Amounts in minor units of `currency`.
 */
const refundDue = z.object({
  orderId: z.string(),
  refundId: z.string(),
  origin: z.enum(REFUND_ORIGINS),
  amount: z.int(),
  storeCredit: z.int(),
  currency: z.string(),
})
/**
 * What gift cards paid for an order, or what a cancellation returned to them. `paymentId` names the order's payment by gift cards.
 * `amount` in minor units of `currency`.
 */
const giftCardPayment = z.object({
  orderId: z.string(),
  paymentId: z.string(),
  /** Null for the order of a guest. */
  userId: z.string().nullable(),
  amount: z.int(),
  currency: z.string(),
})
const giftCard = z.object({
  giftCardId: z.string(),
  source: z.enum(GIFT_CARD_SOURCES),
  /** What the card was given: its first balance, what it got back, or what was left when it ended. */
  amount: z.int(),
  currency: z.string(),
  /** The order that bought the card, or whose refund issued it. */
  orderId: z.string().nullable(),
  refundId: z.string().nullable(),
})

/**
 * One event for each change of an order, of its shipments and of its returns, with the names of the order's history; also those of gift
 * cards and carts. `sequence` is the version of the order or gift card after the change. For a cart it is always 1.
 */
export const ORDERS_EVENTS = {
  'order.placed': recorded,
  'order.authorized': settled,
  /** A part of the authorized money was captured, with a shipment. */
  'order.partially_paid': shown,
  'order.paid': settled,
  'order.stock_committed': internal,
  /** Nothing is left to ship. */
  'order.shipped': shown,
  'order.delivered': shown,
  /** Payments voids or refunds the payments; its confirmation frees the stock. The customer gets a mail. */
  'order.cancelled': { ...recorded, consumers: ['payments', 'notifications', 'live'] },
  'order.refunded': { ...mailed, payload: refund },
  'order.refund_failed': { ...recorded, payload: refund },
  /** The bank returned a refund that had succeeded: the shop has the money again. */
  'order.refund_returned': { ...shown, payload: refund },
  /** A bank holds money of the order while it decides about a dispute. */
  'order.disputed': recorded,
  'order.dispute_closed': recorded,
  'order.extended': internal,
  'order.stock_returned': internal,
  /** Units were reserved for a refund by line, or released because the refund failed. */
  'order.refund_reserved': { ...internal, payload: refund },
  'order.refund_released': { ...internal, payload: refund },
  /** Staff changed items, quantities, addresses or the note. Payments cancels open payments with a lower `chargeNo`. */
  'order.edited': { ...recorded, payload: order.extend({ chargeNo: z.int() }), consumers: ['payments', 'live'] },
  /** An edit or an exchange owes a refund; payments makes it under `refundId`, once. */
  'order.refund_due': { ...internal, payload: refundDue, consumers: ['payments'] },
  /** Staff changed the metadata of the order. The payload does not contain it. */
  'order.updated': recorded,
  /** An account with the verified e-mail address of a guest's order now owns the order. The order's version is unchanged. */
  'order.claimed': recorded,
  /**
   * A guest requested the token of their order, with the order's id and e-mail address; it is mailed. `sequence` is the time in
   * milliseconds.
   */
  'order.token_requested': {
    version: 1,
    payload: z.object({ orderId: z.string() }),
    key: 'orderId',
    isPublic: false,
    consumers: ['notifications'],
  },
  /** The personal data of the order was erased: erase it from every copy, too. */
  'order.erased': recorded,
  'shipment.created': { ...recorded, payload: shipment },
  /** The shipment left the shop. Payments captures an authorized order; the customer gets a mail. */
  'shipment.shipped': { ...recorded, payload: shipment, consumers: ['payments', 'notifications', 'live'] },
  'shipment.updated': { ...recorded, payload: shipment },
  'shipment.delivered': { ...shown, payload: shipment },
  'shipment.cancelled': { ...recorded, payload: shipment },
  'return.requested': { ...recorded, payload: returned },
  'return.approved': { ...recorded, payload: returned, consumers: ['notifications'] },
  'return.refused': { ...recorded, payload: returned, consumers: ['notifications'] },
  /** The customer or staff cancelled a return that was not yet approved. */
  'return.cancelled': { ...recorded, payload: returned },
  /** Units arrived at the shop. A return that arrives in several parcels has one event for each. */
  'return.received': { ...recorded, payload: returned, consumers: ['notifications'] },
  /** The received units were exchanged: `exchangeOrderId` names the new order. */
  'return.exchanged': { ...recorded, payload: returned },
  /** Staff closed the return: no more units are expected. */
  'return.closed': { ...recorded, payload: returned },
  /** Gift cards paid all or a part of an order that was placed. Payments records the payment and its ledger entries. */
  'gift_card.spent': { ...internal, payload: giftCardPayment, consumers: ['payments'] },
  /** The order was cancelled, so the amount was returned to its gift cards. */
  'gift_card.returned': { ...internal, payload: giftCardPayment, consumers: ['payments'] },
  /** A gift card was issued: payments books the liability, and its recipient gets the code by mail. */
  'gift_card.issued': { ...recorded, payload: giftCard, key: 'giftCardId', consumers: ['payments', 'notifications'] },
  /** A gift card of an exchange was credited. Nobody knows its code yet, so it is mailed to the customer. */
  'gift_card.restored': { ...internal, payload: giftCard, key: 'giftCardId', consumers: ['notifications'] },
  /** A card expired, or staff voided it, with a balance left. */
  'gift_card.ended': { ...recorded, payload: giftCard, key: 'giftCardId', consumers: ['payments'] },
  /** Nobody changed the cart for some time, and its buyer can be written to. Once for each cart. */
  'cart.abandoned': { version: 1, payload: cart, key: 'cartId', isPublic: true, consumers: [] },
} as const satisfies Record<string, EventDefinition>
