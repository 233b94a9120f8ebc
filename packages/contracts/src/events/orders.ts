import { z } from 'zod'
import { CANCEL_REASONS, ORDER_STATUSES, PAYMENT_STATUSES } from '../orders/states.ts'
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
const refund = order.extend({ refundId: z.string(), amount: z.int() })

/**
 * One event for each change of an order, named as in the order's history; `sequence` is the order's version after it. That
 * of a cart is always 1.
 */
export const ORDERS_EVENTS = {
  'order.placed': told,
  'order.authorized': settled,
  'order.paid': settled,
  'order.stock_committed': internal,
  /** Payments captures the authorized amount; the customer gets a mail. */
  'order.shipped': toPayments,
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
  /** Nobody changed the cart for some time, and its buyer can be written to. Once for each cart. */
  'cart.abandoned': { version: 1, payload: cart, key: 'cartId', isPublic: true, consumers: [] },
} as const satisfies Record<string, EventDefinition>
