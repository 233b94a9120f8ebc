import type { AuthenticationRequired, Caller } from '../caller.ts'
import type { CurrencyCode } from '../currencies.ts'
import type { OrderId, PaymentId, UserId } from '../ids.ts'
import type { Result } from '../result.ts'
import type { ServiceUnavailable } from '../service.ts'
import type { OrderAlreadyPaid, OrderNotFound, OrderNotPayable } from './failures.ts'

export type PayableOrder = { orderId: OrderId; userId: UserId; total: number; currency: CurrencyCode; expiresAt: Date }

/** What became of a captured payment: the order took it, or it has to be given back. */
export type CaptureOutcome = { outcome: 'paid' } | { outcome: 'refund' }

export type CapturedPayment = { orderId: OrderId; paymentId: PaymentId; amount: number; currency: CurrencyCode }

/** A cancelled order whose payment must be called off before its stock is freed. */
export type CancelledOrder = { eventId: number; orderId: OrderId }

/** What the payments worker may ask of orders. Every call may be repeated with the same effect and answer. */
export interface OrdersRpc {
  /** The order the caller may pay now: his own, or any for staff. Somebody else's reads as not found. */
  payableOrder(request: {
    orderId: string
    caller: Caller
  }): Promise<
    Result<
      PayableOrder,
      AuthenticationRequired | OrderNotFound | OrderAlreadyPaid | OrderNotPayable | ServiceUnavailable
    >
  >

  /** Whether the order still waits for its payment. */
  isPending(orderId: OrderId): Promise<Result<boolean, OrderNotFound | ServiceUnavailable>>

  /** Keeps a pending order and its holds from expiring while money is on its way. */
  extendOrder(orderId: OrderId): Promise<Result<undefined, OrderNotFound | OrderNotPayable | ServiceUnavailable>>

  /** Marks the order paid and takes its lines out of stock, or says that the money has to be given back. */
  applyCapture(payment: CapturedPayment): Promise<Result<CaptureOutcome, OrderNotFound | ServiceUnavailable>>

  /** Notes that the order's payment was given back in full. */
  applyRefund(payment: {
    orderId: OrderId
    paymentId: PaymentId
  }): Promise<Result<undefined, OrderNotFound | ServiceUnavailable>>

  /** Cancellations not yet confirmed, oldest first, at most `limit`; the same one comes again until it is confirmed. */
  pullCancelled(limit: number): Promise<Result<CancelledOrder[], ServiceUnavailable>>

  /** Says that no payment of the order can succeed any more without being refunded: now its stock is freed. */
  confirmCancelled(event: CancelledOrder): Promise<Result<undefined, ServiceUnavailable>>
}
