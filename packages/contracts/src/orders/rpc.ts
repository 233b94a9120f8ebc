import type { AuthenticationRequired } from '@shop/kernel/caller'
import type { CurrencyCode } from '@shop/kernel/currencies'
import type { OrderId, PaymentId, RefundId, UserId } from '@shop/kernel/ids'
import type { Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { ShopEvent } from '../events/catalogue.ts'
import type { EventSource, Receipt } from '../events/delivery.ts'
import type { UsersEventsRpc } from '../users/delivered-events.ts'
import type { OrdersExport } from '../users/export.ts'
import type { OrderCredentials } from './access.ts'
import type {
  NothingToRefund,
  OrderAlreadyPaid,
  OrderChanged,
  OrderLineNotFound,
  OrderNotFound,
  OrderNotPayable,
  QuantityExceedsRefundable,
  RefundPartTooLarge,
} from './failures.ts'
import type { GiftCardsRpc } from './gift-cards.ts'
import type { OrderMail, OrderTokenMail } from './order-mail.ts'
import type { ReturnNotFound } from './return-failures.ts'
import type { OrderActor } from './states.ts'

export type PayableOrder = {
  orderId: OrderId
  /** Null for the order of a guest. */
  userId: UserId | null
  /** The number of the charge that a payment is for, from 1. Edits of an order add charges. */
  chargeNo: number
  /** The amount due, above 0, in minor units: the total less gift cards and earlier charges. */
  amountDue: number
  currency: CurrencyCode
  expiresAt: Date
  /** Of Stripe Tax, which payments records once the order is paid; null for an order that the shop's own rates tax. */
  taxCalculationId: string | null
}

/** `tokenHash`: SHA-256 of an order token that has opened the order, in hexadecimal. */
export type HashedToken = { orderId: OrderId; tokenHash: string }

export type OrderAccess = OrderCredentials & { orderId: string }

/**
 * The details that orders receives with a refund's event, since orders may not call payments. Read again at each delivery.
 */
export type RefundDetails = {
  /** As text that the customer can read. */
  reason: string
  /** The requester. */
  actor: OrderActor
  /** Whether it was refunded to gift cards, so that no money moved. Default: false. */
  isCredit?: boolean | undefined
  /** Whether orders has already counted it, when it cancelled the order. Default: false. */
  isCounted?: boolean | undefined
  /** Whether payments made it itself, because the order could not take the money. Default: false. */
  isReversal?: boolean | undefined
  /** The refund under which orders reserved the units, if this is another part of it. */
  partOf?: RefundId | undefined
  /** Whether another part of the same refund was made, or still may be. Default: false. */
  hasStandingPart?: boolean | undefined
}

/** A refund by line, to reserve. Amounts in minor units of the order's currency. */
export type RefundReservation = {
  orderId: OrderId
  /** A payment of the order. The refund takes from its other payments, too. */
  paymentId: PaymentId
  /** Of the refund that payments makes then. */
  refundId: RefundId
  /** Who requested it. */
  actor: OrderActor
  items: { lineId: string; quantity: number }[]
  /** Of what was paid for shipping. */
  shipping: number
  /** What the shop keeps of the items. */
  restockingFee: number
  /** Limits the refund to units that this return has received. */
  returnId?: string
}

/** A shipment that has left; null for all that have. */
export type ShippedPart = { orderId: OrderId; shipmentId: string | null }

/** What is to be captured of the authorization of an order, in minor units. */
export type CaptureDue = {
  /** For all units that left with this shipment or before it, less what gift cards pay. */
  shipped: number
  /** For all units that were not removed, less what gift cards pay. */
  total: number
  /** How many shipments have left up to this one. */
  shipments: number
  /** Whether nothing else is left to ship. */
  isLast: boolean
}

export type RefundOfOrder = { orderId: OrderId; refundId: RefundId }

/** The sums of all disputes of an order, in minor units. Read again at each delivery. */
export type DisputeDetails = {
  orderId: OrderId
  /** What banks hold while they decide. */
  disputed: number
  /** What banks have returned to the customer. */
  chargedBack: number
}

/** An event of payments as orders receives it. */
export type PaymentsEvent =
  | ShopEvent<'payment.authorized' | 'payment.captured' | 'payment.authorization_lost'>
  | (ShopEvent<'refund.succeeded' | 'refund.failed' | 'refund.returned'> & { details: RefundDetails })
  | (ShopEvent<'dispute.created' | 'dispute.updated' | 'dispute.closed'> & { details: DisputeDetails })

/**
 * What came of an event at orders. `decision` is there when `payment.authorized` or `payment.captured` is done:
 * `rejected` when the order cannot take the money, which payments then voids or refunds.
 */
export type PaymentsReceipt = Receipt & { decision?: 'accepted' | 'rejected' }

/** The methods that the users, payments and notifications workers may call. Every call may be repeated with the same effect and answer. */
export interface OrdersRpc extends EventSource, UsersEventsRpc<'orders'>, GiftCardsRpc {
  /** The order the caller may pay now: their own, or any for staff. Another customer's reads as not found. */
  payableOrder(
    request: OrderAccess,
  ): Promise<
    Result<
      PayableOrder,
      AuthenticationRequired | OrderNotFound | OrderAlreadyPaid | OrderNotPayable | ServiceUnavailable
    >
  >

  /** Whether the caller may see the order: its owner, staff, or the holder of its token. */
  maySeeOrder(request: OrderAccess): Promise<Result<boolean, ServiceUnavailable>>

  /**
   * Whether each hash is that of the token of a guest's order, by a secret that is still accepted. A guest's order remains one for
   * good, so nothing else ends a token.
   */
  areOrderTokens(tokens: HashedToken[]): Promise<Result<boolean[], ServiceUnavailable>>

  /** Whether each order still waits for its payment. */
  arePending(orderIds: OrderId[]): Promise<Result<Result<boolean, OrderNotFound>[], ServiceUnavailable>>

  /** Keeps pending orders and their holds from expiring while a payment is processing. */
  extendOrders(
    orderIds: OrderId[],
  ): Promise<Result<Result<undefined, OrderNotFound | OrderNotPayable | ServiceUnavailable>[], ServiceUnavailable>>

  /**
   * Applies events of payments. An authorization or a capture is accepted (the order becomes authorized or paid and its
   * lines leave the stock) or rejected. A lost authorization cancels an order that has not shipped. Refunds are
   * recorded once by their id, and so is a failed one of a cancelled order. Disputes replace what was known of them.
   *
   * Returns a receipt for each event, in any order. Facts arrive out of order and repeatedly: `not_yet` asks for a
   * retry.
   */
  receiveEvents(events: PaymentsEvent[]): Promise<Result<PaymentsReceipt[], ServiceUnavailable>>

  /** What is to be captured for orders after one of their shipments has left. */
  capturesDue(
    parts: ShippedPart[],
  ): Promise<Result<Result<CaptureDue, OrderNotFound | ServiceUnavailable>[], ServiceUnavailable>>

  /**
   * Reserves the units of a refund by line, and returns its amount, from the stored totals. Repeated calls with the same id return the
   * same. The event of a failed refund releases its units. A refund for a return can only have units that the return has received and
   * that were not refunded for it.
   */
  reserveRefund(
    request: RefundReservation,
  ): Promise<
    Result<
      { amount: number },
      | OrderNotFound
      | OrderChanged
      | ReturnNotFound
      | OrderLineNotFound
      | QuantityExceedsRefundable
      | RefundPartTooLarge
      | NothingToRefund
      | ServiceUnavailable
    >
  >

  /** Gives the units of refunds by line back that payments does not make. */
  releaseRefunds(
    refunds: RefundOfOrder[],
  ): Promise<Result<Result<undefined, OrderNotFound | OrderChanged | ServiceUnavailable>[], ServiceUnavailable>>

  /** Refunds by line that were reserved before a time and neither made nor released, oldest first. `after`: the last of the page before. */
  listOpenRefunds(page: {
    before: Date
    after?: RefundId | undefined
    limit: number
  }): Promise<Result<RefundOfOrder[], ServiceUnavailable>>

  /** Orders as mails show them, in any order; one that does not exist is missing. At most 100. */
  orderMails(request: { orderIds: string[] }): Promise<Result<OrderMail[], ServiceUnavailable>>

  /**
   * The tokens of guests' orders that were asked for, by the events of the requests. Missing are events older than an hour,
   * whose mail would surprise, and those whose order is gone.
   */
  orderTokenMails(request: { eventIds: number[] }): Promise<Result<OrderTokenMail[], ServiceUnavailable>>

  /**
   * For the consumer `payments`, confirming `order.cancelled` states that no payment of the order can succeed any more
   * without being refunded: only then is its stock freed.
   */
  pullEvents: EventSource['pullEvents']
  confirmEvents: EventSource['confirmEvents']

  /** The newest orders of a customer, and their carts that have not ended. For the gateway. */
  exportCustomer(userId: UserId): Promise<Result<OrdersExport, ServiceUnavailable>>
}
