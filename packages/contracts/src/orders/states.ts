import type { ActorId } from '@shop/kernel/access'
import type { UserId } from '@shop/kernel/ids'

export const ORDER_STATUSES = ['pending', 'processing', 'shipped', 'delivered', 'cancelled'] as const
export type OrderStatus = (typeof ORDER_STATUSES)[number]

/**
 * What has left of an order. `fulfilled`: nothing is left to ship; `delivered`: and all of it has arrived. An order to pick up is
 * `ready_for_pickup` once all of it is packed, and `picked_up` at the end.
 */
export const FULFILLMENT_STATUSES = [
  'unfulfilled',
  'partially_fulfilled',
  'fulfilled',
  'delivered',
  'ready_for_pickup',
  'picked_up',
] as const
export type FulfillmentStatus = (typeof FULFILLMENT_STATUSES)[number]

/** `packed`: its units are set aside, and it can be cancelled; `shipped`: it has left. */
export const SHIPMENT_STATUSES = ['packed', 'shipped', 'delivered', 'cancelled'] as const
export type ShipmentStatus = (typeof SHIPMENT_STATUSES)[number]

/**
 * `requested`: staff have not decided yet. `approved`: the customer can send the items. `received`: all units have arrived. `closed`: no
 * more units are expected. `refused`: by staff. `cancelled`: by the customer or staff, before a decision.
 */
export const RETURN_STATUSES = ['requested', 'approved', 'refused', 'cancelled', 'received', 'closed'] as const
export type ReturnStatus = (typeof RETURN_STATUSES)[number]

/** `authorized`: the money is reserved and captured at shipping; `paid`: captured; then refunded in part or in full. */
/** `partially_paid`: a part of the authorized money was captured, and the rest is captured with the next shipments. */
export const PAYMENT_STATUSES = [
  'unpaid',
  'authorized',
  'partially_paid',
  'paid',
  'partially_refunded',
  'refunded',
] as const
export type PaymentStatus = (typeof PAYMENT_STATUSES)[number]

/**
 * Where the money of a cancelled order is that was not yet refunded.
 *
 * - `in_progress`: it is being refunded.
 * - `failed`: the refund failed or was returned. The shop has the money, and staff decide how the customer gets it.
 * - `disputed`: the customer's bank holds it while it decides about a dispute, and the shop cannot refund it.
 * - `charged_back`: the bank has returned it to the customer after a dispute.
 */
export const ORDER_REFUND_STATUSES = ['in_progress', 'failed', 'disputed', 'charged_back'] as const
export type OrderRefundStatus = (typeof ORDER_REFUND_STATUSES)[number]

export const CANCEL_REASONS = [
  'cancelled_by_customer',
  'cancelled_by_staff',
  'expired',
  'stock_gone',
  'authorization_lost',
] as const
export type CancelReason = (typeof CANCEL_REASONS)[number]

/**
 * What can happen to an order; each kind of change has one type. A shipment that ships the last of an order is `shipped`, and
 * the delivery of its last shipment is `delivered`.
 */
export const ORDER_EVENT_TYPES = [
  'placed',
  'authorized',
  'partially_paid',
  'paid',
  'stock_committed',
  'shipped',
  'delivered',
  'cancelled',
  'refunded',
  'refund_failed',
  'refund_returned',
  'disputed',
  'dispute_closed',
  'extended',
  'stock_returned',
  'updated',
  'erased',
  'shipment_created',
  'shipment_updated',
  'shipment_shipped',
  'shipment_delivered',
  'shipment_cancelled',
  'refund_reserved',
  'refund_released',
  'edited',
  'return_requested',
  'return_approved',
  'return_refused',
  'return_cancelled',
  'return_received',
  'return_exchanged',
  'return_closed',
] as const
export type OrderEventType = (typeof ORDER_EVENT_TYPES)[number]

/** Changes of a shipment or a return that do not move its order: their event is one of that part only. */
export type PartStepType = Extract<OrderEventType, `shipment_${string}` | `return_${string}`>
export const isOfPart = (type: OrderEventType): type is PartStepType => /^(?:shipment|return)_/.test(type)

/**
 * How the money that the shop has at Stripe for an order changes. `refund_returned`: the bank returned a refund. `disputed`: the bank
 * withdrew money because of a dispute; `dispute_won`: it returned that money. `credited`: a refund to gift cards, which changes nothing
 * at Stripe.
 */
export const MONEY_KINDS = ['captured', 'refunded', 'refund_returned', 'disputed', 'dispute_won', 'credited'] as const
export type MoneyKind = (typeof MONEY_KINDS)[number]

/**
 * What starts a refund that orders reserves. `request`: staff, by a call of payments. `edit`: an edit reduced the total below what was
 * paid. `exchange`: returned units were exchanged. The last two are started by orders; payments makes them from `order.refund_due`.
 */
export const REFUND_ORIGINS = ['request', 'edit', 'exchange'] as const
export type RefundOrigin = (typeof REFUND_ORIGINS)[number]

/**
 * How a changed order returns units to the stock. `shrink`: a hold, or its sale, keeps at most `quantity` units. `restock`: returned
 * units are for sale again. `write_off`: returned units cannot be sold again.
 */
export const STOCK_ADJUSTMENT_KINDS = ['shrink', 'restock', 'write_off'] as const
export type StockAdjustmentKind = (typeof STOCK_ADJUSTMENT_KINDS)[number]

/**
 * Why an order cannot be edited, or not so. `authorized`: while its payment is not wholly captured, units can only be taken off; `stripe_tax`: its taxes are
 * those of a calculation of Stripe; `partly_captured`: nothing can be taken off, since it was perhaps never paid; `nothing_left`,
 * `nothing_due`: the edit would leave no units, or nothing to pay of an unpaid order; `has_left`: the address of an order of which a
 * part has left; `other_country`: tax and shipping were priced for another country; `gift_card_paid`: gift cards would pay for a gift card.
 */
export const EDIT_REFUSALS = [
  'cancelled',
  'expired',
  'authorized',
  'shipped',
  'refunded',
  'stripe_tax',
  'partly_captured',
  'nothing_left',
  'nothing_due',
  'has_left',
  'other_country',
  'gift_card_paid',
] as const
export type EditRefusal = (typeof EDIT_REFUSALS)[number]

/**
 * Where the balance of a gift card comes from. `sale`: bought in an order; `staff`: issued by staff without payment; `refund`: store
 * credit instead of money; `exchange`: the value of returned units, which the new order spends at once.
 */
export const GIFT_CARD_SOURCES = ['sale', 'staff', 'refund', 'exchange'] as const
export type GiftCardSource = (typeof GIFT_CARD_SOURCES)[number]

/**
 * Why the balance of a gift card changes. `spent`: an order was placed; `returned`: the order was cancelled; `refunded`: the order was
 * refunded; `expired`, `voided`: the remaining balance was removed.
 */
export const GIFT_CARD_ENTRY_KINDS = ['issued', 'spent', 'returned', 'refunded', 'expired', 'voided'] as const
export type GiftCardEntryKind = (typeof GIFT_CARD_ENTRY_KINDS)[number]

/** `used_up`: the balance is 0; a refund can raise it again. */
export const GIFT_CARD_STATUSES = ['active', 'used_up', 'expired', 'voided'] as const
export type GiftCardStatus = (typeof GIFT_CARD_STATUSES)[number]

export const ORDER_ACTOR_KINDS = ['customer', 'staff', 'guest', 'system'] as const
/** Who made a change: a signed-in person or an API key by id, the guest of the order, or the system (payments, expiry). */
export type OrderActor =
  | { kind: 'customer'; userId: UserId }
  | { kind: 'staff'; userId: ActorId }
  | { kind: 'guest' }
  | { kind: 'system' }

/**
 * `completing`: a request turns it into an order; `merged`: its items are in a cart of an account; `expired`: nobody changed it
 * for 30 days. Only an open cart can be changed.
 */
export const CART_STATUSES = ['open', 'completing', 'completed', 'merged', 'expired'] as const
export type CartStatus = (typeof CART_STATUSES)[number]
