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

const told = {
  version: 1,
  payload: order,
  key: 'orderId',
  isPublic: true,
  consumers: [],
} as const satisfies EventDefinition
const internal = { ...told, isPublic: false } as const
/** Pages that show the order are told. */
const shown = { ...told, consumers: ['live'] } as const satisfies EventDefinition
/** The customer gets a mail. */
const mailed = { ...told, consumers: ['notifications', 'live'] } as const satisfies EventDefinition
const toPayments = { ...told, consumers: ['payments', 'notifications', 'live'] } as const satisfies EventDefinition
/** The customer gets a mail. The order of a guest may go to an account, now that it is paid for. */
const settled = { ...told, consumers: ['notifications', 'orders_claims', 'live'] } as const satisfies EventDefinition
/** The cart as it was left. Amounts in minor units of `currency`. */
const cart = z.object({
  cartId: z.string(),
  /** Null for the cart of a guest, who has left an e-mail address. */
  userId: z.string().nullable(),
  itemCount: z.int(),
  /** As the buyer saw it last; null if it was never shown. */
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
/** The return after the change, with the units of each line that are expected and those that came back. */
const returned = z.object({
  orderId: z.string(),
  /** Null for the order of a guest. */
  userId: z.string().nullable(),
  returnId: z.string(),
  returnStatus: z.enum(RETURN_STATUSES),
  /** The order that its units were exchanged for. */
  exchangeOrderId: z.string().nullable(),
  items: z.array(
    z.object({
      lineId: z.string(),
      quantity: z.int(),
      /** One of the shop's reasons. */
      reason: z.string(),
      received: z.int(),
      restocked: z.int(),
      writtenOff: z.int(),
    }),
  ),
})
const refund = order.extend({ refundId: z.string(), amount: z.int() })
/** A refund that orders starts. `storeCredit` of `amount` was given as store credit already. Amounts in minor units. */
const refundDue = z.object({
  orderId: z.string(),
  refundId: z.string(),
  origin: z.enum(REFUND_ORIGINS),
  amount: z.int(),
  storeCredit: z.int(),
  currency: z.string(),
})
/** What gift cards paid of an order, or got back of it. `paymentId` is the payment that payments keeps for it. */
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
  /** The order that it was bought with, or whose refund it is. */
  orderId: z.string().nullable(),
  refundId: z.string().nullable(),
})

/**
 * One event for each change of an order, named as in the order's history, and those of its shipments; `sequence` is the order's version after it. That
 * of a cart is always 1.
 */
export const ORDERS_EVENTS = {
  'order.placed': told,
  'order.authorized': settled,
  'order.paid': settled,
  'order.stock_committed': internal,
  /** Nothing is left to ship. */
  'order.shipped': shown,
  'order.delivered': shown,
  /** Payments voids or refunds the order's money, and confirming that frees the stock; the customer gets a mail. */
  'order.cancelled': toPayments,
  'order.refunded': { ...mailed, payload: refund },
  'order.refund_failed': { ...told, payload: refund },
  'order.refund_returned': { ...told, payload: refund },
  /** A bank holds money of the order while it decides about a dispute. */
  'order.disputed': told,
  'order.dispute_closed': told,
  'order.extended': internal,
  'order.stock_returned': internal,
  /** A refund by line was requested, or its units were given back because it failed. */
  'order.refund_reserved': { ...internal, payload: refund },
  'order.refund_released': { ...internal, payload: refund },
  /** Staff changed its items, quantities or address. Payments cancels open payments of former charges. */
  'order.edited': { ...told, payload: order.extend({ chargeNo: z.int() }), consumers: ['payments', 'live'] },
  /** Orders owes a refund: payments makes it. */
  'order.refund_due': { ...internal, payload: refundDue, consumers: ['payments'] },
  /** Staff changed what they keep with the order; the payload does not have it. */
  'order.updated': told,
  /** The order of a guest went to the account with the verified address of the order. Its version stays as it is. */
  'order.claimed': told,
  /**
   * Somebody who knows the order and its address asked for the token of a guest's order: it is mailed. `sequence` is the
   * time in milliseconds.
   */
  'order.token_requested': {
    version: 1,
    payload: z.object({ orderId: z.string() }),
    key: 'orderId',
    isPublic: false,
    consumers: ['notifications'],
  },
  /** Its customer was erased: copies of the order must lose the same. */
  'order.erased': told,
  'shipment.created': { ...told, payload: shipment },
  /** It has left: payments captures an authorized order, and the customer gets a mail. */
  'shipment.shipped': { ...told, payload: shipment, consumers: ['payments', 'notifications'] },
  'shipment.updated': { ...told, payload: shipment },
  'shipment.delivered': { ...told, payload: shipment },
  'shipment.cancelled': { ...told, payload: shipment },
  'return.requested': { ...told, payload: returned },
  'return.approved': { ...told, payload: returned, consumers: ['notifications'] },
  'return.refused': { ...told, payload: returned, consumers: ['notifications'] },
  /** The customer withdrew it. */
  'return.cancelled': { ...told, payload: returned },
  /** Units came back. Several times for a return whose units come back in parts. */
  'return.received': { ...told, payload: returned, consumers: ['notifications'] },
  /** What came back was exchanged for another order. */
  'return.exchanged': { ...told, payload: returned },
  /** Nothing more is expected. */
  'return.closed': { ...told, payload: returned },
  /** Gift cards paid a part of an order, when it was placed: payments records the payment and books it. */
  'gift_card.spent': { ...internal, payload: giftCardPayment, consumers: ['payments'] },
  /** They got back what they had paid, since the order was cancelled. */
  'gift_card.returned': { ...internal, payload: giftCardPayment, consumers: ['payments'] },
  /** A card was given its balance: payments books what the shop owes, and whoever it is for gets its code by mail. */
  'gift_card.issued': { ...told, payload: giftCard, key: 'giftCardId', consumers: ['payments', 'notifications'] },
  /** A card of an exchange got something back: nobody has its code yet, so the customer gets it by mail. */
  'gift_card.restored': { ...internal, payload: giftCard, key: 'giftCardId', consumers: ['notifications'] },
  /** A card expired, or staff voided it, with a balance left. */
  'gift_card.ended': { ...told, payload: giftCard, key: 'giftCardId', consumers: ['payments'] },
  /** Nobody changed the cart for some time, and its buyer can be written to. Once for each cart. */
  'cart.abandoned': { version: 1, payload: cart, key: 'cartId', isPublic: true, consumers: [] },
} as const satisfies Record<string, EventDefinition>
