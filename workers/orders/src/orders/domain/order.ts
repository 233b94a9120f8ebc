import type { Address } from '@shop/addresses/address'
import type {
  CancelReason,
  FulfillmentStatus,
  OrderActor,
  OrderEventType,
  OrderStatus,
  PaymentStatus,
} from '@shop/contracts/orders/states'
import type { IdempotencyKey } from '@shop/kernel/idempotency'
import type {
  CartId,
  OrderEditId,
  OrderId,
  OrderLineId,
  PaymentId,
  RefundId,
  ReturnId,
  ShipmentId,
  UserId,
} from '@shop/kernel/ids'
import type { Metadata } from '@shop/kernel/metadata'
import type { LineRefund } from '../../fulfillment/domain/line-refund.ts'
import type { Shipment, ShipmentChange } from '../../fulfillment/domain/shipment.ts'
import type { LineUnits } from '../../fulfillment/domain/units.ts'
import type { AppliedGiftCard } from '../../gift-cards/domain/apply-gift-cards.ts'
import type { NewGiftCard } from '../../gift-cards/domain/gift-card.ts'
import type { DueInvoice } from '../../invoices/domain/due-invoice.ts'
import type { Invoiced } from '../../invoices/domain/invoiced.ts'
import type { PricedLine, PricedOrder } from '../../pricing/domain/price-order.ts'
import type { Return, ReturnChange } from '../../returns/domain/return.ts'
import type { StockAdjustment } from '../../stock/domain/stock-adjustment.ts'

/** A structured address, as its country writes it; free text and other parts are kept as they were sent. */
export type ShippingAddress = string | Address | Record<string, string>

/** The address of a new order where it is structured, so that the rules of places apply. */
export const structured = (address: ShippingAddress | null): Address | null =>
  address !== null && typeof address === 'object' && 'line1' in address && 'country' in address
    ? (address as Address)
    : null

/** One item as it was ordered, and what became of its units. */
export type OrderLine = PricedLine & {
  id: OrderLineId
  units: LineUnits
  /** The id that its stock is held under: that of the edit that added the line. Null for original lines: the order's id. */
  holdId: OrderEditId | null
}

export type Order = Omit<PricedOrder, 'lines' | 'giftCards'> & {
  id: OrderId
  /** Short, for people: unique, and later orders have higher ones. */
  number: number
  /** Null for a guest, who is known by `email` and holds a token of this order. */
  userId: UserId | null
  /** When that account got the order of a guest, whose token goes on opening it; null for an order that nobody claimed. */
  claimedAt: Date | null
  /** When what identifies its customer was removed. */
  erasedAt: Date | null
  email: string | null
  status: OrderStatus
  paymentStatus: PaymentStatus
  fulfillmentStatus: FulfillmentStatus
  cancelReason: CancelReason | null
  lines: OrderLine[]
  /** Oldest first, with those that were cancelled. */
  shipments: Shipment[]
  /** Refunds by line, oldest first, with those that failed. */
  lineRefunds: LineRefund[]
  /** Oldest first, including refused and cancelled ones. */
  returns: Return[]
  /** As it is stored: without spaces, with its prefix. */
  vatId: string | null
  shippingAddress: ShippingAddress | null
  billingAddress: Address | null
  note: string | null
  /** The cart that it was made of. */
  cartId: CartId | null
  /** The return whose units were exchanged for it. */
  exchangeOf: ReturnId | null
  createdAt: Date
  updatedAt: Date
  /** When an unpaid order is cancelled. Its holds outlive this by a grace period. */
  expiresAt: Date
  /** The first payment that the order took (authorized or captured), once there is one. */
  paymentId: PaymentId | null
  /** The other payments that the order took: first the one by gift cards, then those for edits, oldest first. */
  furtherPayments: PaymentId[]
  /** The number of the charge that the next payment is for, from 1. Edits raise it when they change the amount due. */
  chargeNo: number
  /** The sum of the charges that its payments were for, without gift cards. Captured amounts may be less. */
  chargedAmount: number
  /** The part of the total that gift cards pay. */
  giftCardAmount: number
  /** The part of that which refunds and the cancellation have returned to the cards. */
  giftCardReturned: number
  /** By how much edits have lowered the total below what was charged. It is refunded. */
  creditedAmount: number
  /** The captured amount of its payments, without gift cards. */
  capturedAmount: number
  refundedAmount: number
  /** What its invoices less its credit notes amount to; null until it is paid. */
  invoiced: Invoiced | null
  /** Whether a refund of the cancelled order failed, or was returned: staff decide how the customer gets the money. */
  refundFailed: boolean
  /** What banks hold while they decide about disputes, and what they have returned to the customer. */
  disputedAmount: number
  chargedBackAmount: number
  /** True once every line of a paid order is taken out of stock. */
  stockCommitted: boolean
  /** For staff; nobody else sees it. */
  metadata: Metadata
  /** Counts the changes. Every save is conditional on it. */
  version: number
}

/** How many units the lines have together, of whatever variants. */
export function unitsOf(lines: { quantity: number }[]): number {
  return lines.reduce((sum, { quantity }) => sum + quantity, 0)
}

/** Details of an event. `amount` in minor units of the order's currency. */
export type OrderEventData = {
  amount?: number
  paymentId?: PaymentId
  refundId?: RefundId
  shipmentId?: ShipmentId
  returnId?: ReturnId
  reason?: string
  /** RFC 3339. */
  expiresAt?: string
  /** Of an edit, whose `amount` is the total after it. */
  previousTotal?: number
}

/** One entry of an order's history. `seq` is the order's version after the change, so entries are numbered without gaps. */
export type OrderEvent = {
  orderId: OrderId
  seq: number
  type: OrderEventType
  at: Date
  actor: OrderActor
  data: OrderEventData
}

/** A change to save: the order after it, one version above the order it was decided from, and its event. */
export type OrderChange = {
  order: Order
  event: OrderEvent
  /** The lines whose units it changes. */
  lines?: OrderLine[] | undefined
  shipment?: ShipmentChange | undefined
  lineRefund?: LineRefund | undefined
  /** The invoice and the credit note that it issues: at most one of each. */
  invoices?: DueInvoice[] | undefined
  /** The units that it returns to the stock. */
  stockAdjustments?: StockAdjustment[] | undefined
  /** The lines whose quantities and amounts an edit changes or adds; 0 units for one that it removes. */
  editedLines?: OrderLine[] | undefined
  /** Present if payments must make the refund by line: it writes `order.refund_due`. */
  refundDue?: OwedRefund | undefined
  returned?: ReturnChange | undefined
  /** The gift card that an exchange issues for returned units. */
  storeCredit?: NewGiftCard | undefined
  /** Of the request that makes a shipment or an edit, or makes or receives a return. */
  key?: IdempotencyKey | undefined
}

/** `storeCredit`: the part of the refund that an exchange has already issued as a gift card, in minor units. */
export type OwedRefund = { storeCredit: number }

/**
 * An order to write, as it is after its first events, and what each gift card pays of it. One that is paid by placing it has its
 * invoice.
 */
export type NewOrder = {
  order: Order
  events: OrderEvent[]
  giftCards: readonly AppliedGiftCard[]
  invoices?: DueInvoice[]
}
