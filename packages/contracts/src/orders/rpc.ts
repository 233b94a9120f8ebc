import type {
  AuthenticationRequired,
  Caller,
  CurrencyCode,
  OrderId,
  PaymentId,
  RefundId,
  Result,
  ServiceUnavailable,
  UserId,
} from '@shop/kernel'
import type { OrderAlreadyPaid, OrderNotFound, OrderNotPayable } from './failures.ts'
import type { OrderActor } from './model.ts'

export type PayableOrder = {
  orderId: OrderId
  /** Null for the order of a guest. */
  userId: UserId | null
  total: number
  currency: CurrencyCode
  expiresAt: Date
}

/** Who asks about an order: a caller, or whoever holds the token that its guest was given. */
export type OrderAccess = { orderId: string; caller: Caller; orderToken: string | null }

/** What became of a captured payment: the order took it, or it has to be given back. */
export type CaptureOutcome = { outcome: 'paid' } | { outcome: 'refund' }

/** What became of an authorization: the order took it, or it has to be voided. */
export type AuthorizationOutcome = { outcome: 'authorized' } | { outcome: 'void' }

/** `amount` is the order's total; `captured` is less only where staff captured a part of an authorization. */
export type CapturedPayment = {
  orderId: OrderId
  paymentId: PaymentId
  amount: number
  captured: number
  currency: CurrencyCode
}
export type AuthorizedPayment = Omit<CapturedPayment, 'captured'>

/** A refund that succeeded, of a payment of which so much was captured; amounts in minor units. */
export type RefundedPayment = {
  orderId: OrderId
  paymentId: PaymentId
  refundId: RefundId
  amount: number
  captured: number
  reason: string
  /** Who asked for it. */
  actor: OrderActor
}

/** A cancelled order whose payment must be called off, or given back, before its stock is freed. */
export type CancelledOrder = { eventId: number; orderId: OrderId }

/** A shipped order whose authorized payment is to be captured now. */
export type ShippedOrder = { eventId: number; orderId: OrderId }

/** What the payments worker may ask of orders. Every call may be repeated with the same effect and answer. */
export interface OrdersRpc {
  /** The order the caller may pay now: his own, or any for staff. Somebody else's reads as not found. */
  payableOrder(
    request: OrderAccess,
  ): Promise<
    Result<
      PayableOrder,
      AuthenticationRequired | OrderNotFound | OrderAlreadyPaid | OrderNotPayable | ServiceUnavailable
    >
  >

  /** Whether the caller may see the order: its owner, staff, and whoever holds its token. */
  maySeeOrder(request: OrderAccess): Promise<Result<boolean, ServiceUnavailable>>

  /** Whether the order still waits for its payment. */
  isPending(orderId: OrderId): Promise<Result<boolean, OrderNotFound | ServiceUnavailable>>

  /** Keeps a pending order and its holds from expiring while money is on its way. */
  extendOrder(orderId: OrderId): Promise<Result<undefined, OrderNotFound | OrderNotPayable | ServiceUnavailable>>

  /**
   * Marks the order authorized and takes its lines out of stock, since it is as good as sold, or says that the
   * authorization has to be voided.
   */
  applyAuthorization(
    payment: AuthorizedPayment,
  ): Promise<Result<AuthorizationOutcome, OrderNotFound | ServiceUnavailable>>

  /** Cancels an order whose authorization ended uncaptured; its stock comes back. Nothing for an order that has shipped. */
  applyAuthorizationLost(payment: {
    orderId: OrderId
    paymentId: PaymentId
  }): Promise<Result<undefined, OrderNotFound | ServiceUnavailable>>

  /** Marks the order paid and takes its lines out of stock, or says that the money has to be given back. */
  applyCapture(payment: CapturedPayment): Promise<Result<CaptureOutcome, OrderNotFound | ServiceUnavailable>>

  /** Notes a refund of the order's payment: the order is partially refunded, or refunded. Once, by the refund's id. */
  applyRefund(refund: RefundedPayment): Promise<Result<undefined, OrderNotFound | ServiceUnavailable>>

  /** Notes that a refund which was noted came back from the bank: that money is here again. Once, by the refund's id. */
  applyRefundReturned(refund: RefundedPayment): Promise<Result<undefined, OrderNotFound | ServiceUnavailable>>

  /** Cancellations not yet confirmed, oldest first, at most `limit`; the same one comes again until it is confirmed. */
  pullCancelled(limit: number): Promise<Result<CancelledOrder[], ServiceUnavailable>>

  /** Says that no payment of the order can succeed any more without being refunded: now its stock is freed. */
  confirmCancelled(event: CancelledOrder): Promise<Result<undefined, ServiceUnavailable>>

  /** Shipped orders whose payment is authorized and not captured yet; like {@link OrdersRpc.pullCancelled}. */
  pullShipped(limit: number): Promise<Result<ShippedOrder[], ServiceUnavailable>>

  /** Says that the payment of the shipped order was captured, or that it never can be. */
  confirmShipped(event: ShippedOrder): Promise<Result<undefined, ServiceUnavailable>>
}
