import type {
  CancelReason,
  OrderActor,
  OrderEventType,
  OrderStatus,
  PaymentStatus,
} from '@shop/contracts/orders/states'
import { fulfillmentStatusOf } from '../../fulfillment/domain/fulfillment-status.ts'
import { type LineRefund, withLineRefund } from '../../fulfillment/domain/line-refund.ts'
import { type ShipmentChange, withShipment } from '../../fulfillment/domain/shipment.ts'
import type { NewGiftCard } from '../../gift-cards/domain/gift-card.ts'
import type { DueInvoice } from '../../invoices/domain/due-invoice.ts'
import { creditCancelled } from '../../invoices/domain/invoicing.ts'
import { type ReturnChange, withReturn } from '../../returns/domain/return.ts'
import type { StockAdjustment } from '../../stock/domain/stock-adjustment.ts'
import { paidAmountOf } from './amount-due.ts'
import type { Order, OrderChange, OrderEventData, OrderLine, OwedRefund } from './order.ts'

/** Every step of an order's status. Only a payment leads from `pending` to `processing`. */
export const STATUS_STEPS: Record<OrderStatus, readonly OrderStatus[]> = {
  pending: ['processing', 'cancelled'],
  processing: ['shipped', 'cancelled'],
  shipped: ['delivered'],
  delivered: [],
  cancelled: [],
}

/**
 * Every step of its payment status. An authorization that ends without a capture leaves the order unpaid; one that ends before all
 * was captured leaves it partially paid. A refund that the bank returns no longer counts. A cancelled order that is paid late has
 * returned its gift cards before.
 */
export const PAYMENT_STEPS: Record<PaymentStatus, readonly PaymentStatus[]> = {
  unpaid: ['authorized', 'partially_paid', 'paid', 'partially_refunded'],
  authorized: ['partially_paid', 'paid', 'unpaid', 'partially_refunded'],
  partially_paid: ['paid', 'partially_refunded', 'refunded'],
  paid: ['partially_refunded', 'refunded'],
  partially_refunded: ['refunded', 'paid'],
  refunded: ['partially_refunded', 'paid'],
}

/** The fields that a step sets; the others keep their values. */
type Progress = Partial<
  Pick<
    Order,
    | 'status'
    | 'paymentStatus'
    | 'cancelReason'
    | 'expiresAt'
    | 'paymentId'
    | 'furtherPayments'
    | 'chargeNo'
    | 'giftCardReturned'
    | 'chargedAmount'
    | 'creditedAmount'
    | 'capturedAmount'
    | 'refundedAmount'
    | 'invoiced'
    | 'refundFailed'
    | 'disputedAmount'
    | 'chargedBackAmount'
    | 'stockCommitted'
    | 'metadata'
    | 'lines'
    | 'subtotal'
    | 'discountTotal'
    | 'taxTotal'
    | 'total'
    | 'adjustments'
    | 'taxLines'
    | 'shippingAddress'
    | 'billingAddress'
    | 'note'
  >
>

export type Changed = {
  kind: 'changed'
  type: OrderEventType
  to: Progress
  data: OrderEventData
  /** The shipment, the refund by line, or the return that the step makes or changes. */
  shipment?: ShipmentChange | undefined
  lineRefund?: LineRefund | undefined
  /** What it issues. */
  invoices?: DueInvoice[] | undefined
  returned?: ReturnChange | undefined
  storeCredit?: NewGiftCard | undefined
  /** The units that the step returns to the stock. The caller that saves it then calls `applyStockAdjustments`. */
  stockAdjustments?: StockAdjustment[] | undefined
  /** Of an edit: see {@link OrderChange}. */
  editedLines?: OrderLine[] | undefined
  refundDue?: OwedRefund | undefined
}

/** A decided step. `unchanged` when it was made before, so that a retried request succeeds. */
export type Step = { kind: 'unchanged' } | Changed

export const UNCHANGED = { kind: 'unchanged' } as const

export function step(type: OrderEventType, to: Progress, data: OrderEventData = {}): Changed {
  return { kind: 'changed', type, to, data }
}

/**
 * A cancellation. Gift cards get back what they paid, which counts as refunded and has a credit note. The payment of an order that was
 * paid by placing it ends with it, since nothing else is to be refunded.
 */
export function cancelled(order: Order, reason: CancelReason, data: OrderEventData = {}): Changed {
  const owed = order.giftCardAmount - order.giftCardReturned
  const refundedAmount = order.refundedAmount + owed
  const paymentStatus = statusAfterRefund(order, refundedAmount)
  const returned = owed > 0 ? { giftCardReturned: order.giftCardAmount, refundedAmount } : {}
  const ended = paymentStatus === order.paymentStatus ? {} : { paymentStatus }
  const { invoices, invoiced } = creditCancelled({ ...order, refundedAmount }, owed)
  const to = { status: 'cancelled', cancelReason: reason, ...returned, ...ended } as const
  if (invoices.length === 0) return step('cancelled', to, { ...data, reason })
  return { ...step('cancelled', { ...to, invoiced }, { ...data, reason }), invoices }
}

function statusAfterRefund(order: Order, refundedAmount: number): PaymentStatus {
  const { paymentStatus } = order
  if (paymentStatus === 'unpaid' || paymentStatus === 'authorized') return paymentStatus
  if (refundedAmount >= paidAmountOf(order)) return 'refunded'
  return refundedAmount > 0 ? 'partially_refunded' : paymentStatus
}

/**
 * The order after a step, with the event of that step.
 *
 * @throws RangeError when the tables do not list the step: the decision before it is wrong
 */
export function changeOf(order: Order, made: Changed, by: { actor: OrderActor; at: Date }): OrderChange {
  const { shipment, lineRefund, returned, editedLines, ...written } = made
  const changed: Order = {
    ...order,
    ...made.to,
    ...(shipment && { shipments: withShipment(order.shipments, shipment.shipment) }),
    ...(lineRefund && { lineRefunds: withLineRefund(order.lineRefunds, lineRefund) }),
    ...(returned && { returns: withReturn(order.returns, returned.made) }),
    updatedAt: by.at,
    version: order.version + 1,
  }
  const next = { ...changed, fulfillmentStatus: fulfillmentStatusOf(changed) }
  if (!isStep(STATUS_STEPS, order.status, next.status)) throw illegal(order.id, order.status, next.status)
  if (!isStep(PAYMENT_STEPS, order.paymentStatus, next.paymentStatus)) {
    throw illegal(order.id, order.paymentStatus, next.paymentStatus)
  }
  const event = { orderId: order.id, seq: next.version, type: made.type, at: by.at, actor: by.actor, data: made.data }
  const lines = editedLines === undefined ? next.lines.filter((line) => !order.lines.includes(line)) : []
  const { invoices, refundDue, storeCredit, stockAdjustments } = written
  return {
    ...{ order: next, event, lines, shipment, lineRefund, returned },
    ...{ invoices, editedLines, refundDue, storeCredit, stockAdjustments },
  }
}

function isStep<S extends string>(steps: Record<S, readonly S[]>, from: S, to: S): boolean {
  return from === to || steps[from].includes(to)
}

const illegal = (id: string, from: string, to: string) => new RangeError(`Order ${id} cannot go from ${from} to ${to}`)
