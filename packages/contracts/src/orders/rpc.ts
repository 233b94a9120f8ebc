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
import type { OrderActor } from './states.ts'

export type PayableOrder = {
  orderId: OrderId
  /** Null for the order of a guest. */
  userId: UserId | null
  total: number
  currency: CurrencyCode
  expiresAt: Date
}

/** Who asks about an order: a caller, who may also send the token of a guest's order. */
export type OrderAccess = { orderId: string; caller: Caller; orderToken: string | null }

/** What came of a captured payment: the order is paid, or the payment has to be refunded. */
export type CaptureOutcome = { outcome: 'paid' } | { outcome: 'refund' }

/** What came of an authorization: the order counts on it, or it has to be voided. */
export type AuthorizationOutcome = { outcome: 'authorized' } | { outcome: 'void' }

/** `amount` is the order's total; `captured` is less only when staff captured part of an authorization. */
export type CapturedPayment = {
  orderId: OrderId
  paymentId: PaymentId
  amount: number
  captured: number
  currency: CurrencyCode
}
export type AuthorizedPayment = Omit<CapturedPayment, 'captured'>

/** A refund that succeeded. `captured` is what was captured of its payment. Amounts in minor units. */
export type RefundedPayment = {
  orderId: OrderId
  paymentId: PaymentId
  refundId: RefundId
  amount: number
  captured: number
  reason: string
  /** Who requested it. */
  actor: OrderActor
}

/** A cancelled order whose payment must be voided or refunded before its stock is freed. */
export type CancelledOrder = { eventId: number; orderId: OrderId }

/** A shipped order whose authorized payment is due for capture. */
export type ShippedOrder = { eventId: number; orderId: OrderId }

/** What the payments worker may ask of orders. Every call may be repeated with the same effect and answer. */
export interface OrdersRpc {
  /** The order the caller may pay now: their own, or any order for staff. Other people's orders are not found. */
  payableOrder(
    request: OrderAccess,
  ): Promise<
    Result<
      PayableOrder,
      AuthenticationRequired | OrderNotFound | OrderAlreadyPaid | OrderNotPayable | ServiceUnavailable
    >
  >

  /** Whether the caller may see the order: its owner, staff, or a guest with its token. */
  maySeeOrder(request: OrderAccess): Promise<Result<boolean, ServiceUnavailable>>

  /** Whether the order still waits for payment. */
  isPending(orderId: OrderId): Promise<Result<boolean, OrderNotFound | ServiceUnavailable>>

  /** Extends a pending order and its holds while a payment is processing. */
  extendOrder(orderId: OrderId): Promise<Result<undefined, OrderNotFound | OrderNotPayable | ServiceUnavailable>>

  /**
   * Marks the order authorized and takes its lines out of stock, or answers that the authorization has to be voided.
   */
  applyAuthorization(
    payment: AuthorizedPayment,
  ): Promise<Result<AuthorizationOutcome, OrderNotFound | ServiceUnavailable>>

  /** Cancels an order whose authorization ended uncaptured, and returns its stock. Does nothing once it has shipped. */
  applyAuthorizationLost(payment: {
    orderId: OrderId
    paymentId: PaymentId
  }): Promise<Result<undefined, OrderNotFound | ServiceUnavailable>>

  /** Marks the order paid and takes its lines out of stock, or answers that the payment has to be refunded. */
  applyCapture(payment: CapturedPayment): Promise<Result<CaptureOutcome, OrderNotFound | ServiceUnavailable>>

  /** Records a refund of the order's payment, in part or in full. Applied once per refund id. */
  applyRefund(refund: RefundedPayment): Promise<Result<undefined, OrderNotFound | ServiceUnavailable>>

  /** Records that the bank returned a refund, so the shop has that money again. Applied once per refund id. */
  applyRefundReturned(refund: RefundedPayment): Promise<Result<undefined, OrderNotFound | ServiceUnavailable>>

  /** Cancellations not yet confirmed, oldest first, at most `limit`. Each is repeated until it is confirmed. */
  pullCancelled(limit: number): Promise<Result<CancelledOrder[], ServiceUnavailable>>

  /** Confirms that any later payment of the order will be refunded. Now its stock is freed. */
  confirmCancelled(event: CancelledOrder): Promise<Result<undefined, ServiceUnavailable>>

  /** Shipped orders whose payment is authorized and not yet captured; like {@link OrdersRpc.pullCancelled}. */
  pullShipped(limit: number): Promise<Result<ShippedOrder[], ServiceUnavailable>>

  /** Confirms that the payment of the shipped order was captured, or never can be. */
  confirmShipped(event: ShippedOrder): Promise<Result<undefined, ServiceUnavailable>>
}
