import type { AccessFailure } from '@shop/kernel/caller'
import type { AmountNotChargeable } from '@shop/kernel/chargeable'
import type { FieldError, KernelFailure, ProblemTable, RateLimited } from '@shop/kernel/failures'
import type { IdempotencyInFlight, IdempotencyKeyRequired, IdempotencyKeyReused } from '@shop/kernel/idempotency'
import type { InvalidAmount } from '@shop/kernel/money'
import type { InvalidCursor } from '@shop/kernel/pagination'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type {
  CatalogFailure,
  HoldConflict,
  ItemNotSoldInCurrency,
  ProductNotFound,
  VariantNotFound,
  VariantRequired,
} from '../catalog/failures.ts'
import { CART_PROBLEMS, type CartFailure } from './cart-failures.ts'
import { ORDER_EDIT_PROBLEMS, type OrderEditFailure } from './edit-failures.ts'
import { GIFT_CARD_PROBLEMS, type GiftCardFailure } from './gift-card-failures.ts'
import { PLACES_PROBLEMS, type PlacesFailure } from './place-failures.ts'
import { RETURNS_PROBLEMS, type ReturnsFailure } from './return-failures.ts'
import type { OrderStatus, ShipmentStatus } from './states.ts'

export type OrderNotFound = { code: 'order_not_found' }
export type ProductOutOfStock = {
  code: 'out_of_stock'
  productId: number
  variantId: number
  sku: string | null
  name: string
  requested: number
  available: number
}
export type MixedCurrencies = { code: 'mixed_currencies' }
export type OrderTotalTooLarge = { code: 'order_total_too_large'; maximum: number; currency: string }
/** The buyer has as many unpaid orders as they may: paying or cancelling one makes room. */
export type TooManyOpenOrders = { code: 'too_many_open_orders'; maximum: number }
/** `per` says whose units: the buyer's own, or those of all guests and new accounts at the buyer's network address. */
export type TooManyUnitsHeld = { code: 'too_many_units_held'; maximum: number; per: 'buyer' | 'address' }
/** More units of a product, of all its variants together, than staff allow in one order. */
export type MaxPerOrderExceeded = {
  code: 'max_per_order_exceeded'
  productId: number
  name: string
  requested: number
  maximum: number
}
/** A code that was entered gives nothing. */
export type CodeNotApplied = { code: 'code_not_applied'; promotionCode: string; reason: CodeNotAppliedReason }
/**
 * Why a code gives nothing. It leads to no promotion that runs (`unknown` to `ended`), a limit is reached (`used_up`,
 * `used_up_by_customer`), or a condition is not met.
 */
export type CodeNotAppliedReason =
  | 'unknown'
  | 'not_started'
  | 'ended'
  | 'used_up'
  | 'used_up_by_customer'
  | 'currency_not_included'
  | 'below_minimum_subtotal'
  | 'below_minimum_quantity'
  | 'nothing_applies'
  | 'no_shipping'
  | 'country_not_included'
  | 'customer_not_included'
  | 'not_first_order'
  | 'excluded_by_another'
/** The order would cost something else than was expected, or other codes apply. Amounts in major units. */
export type TotalChanged = {
  code: 'total_changed'
  currency: string
  subtotal: number
  discountTotal: number
  shippingTotal: number
  taxTotal: number
  totalAmount: number
  /** Those that apply now. */
  codes: string[]
}
/** What is shipped needs a structured address. */
export type AddressRequired = { code: 'address_required' }
/** The tax service does not find the address, so no tax can be calculated. */
export type AddressIncomplete = { code: 'address_incomplete' }
/** What is shipped needs one of the shipping options of its address. */
export type ShippingRequired = { code: 'shipping_required' }
/** The option is not one of those for this address and these items. */
export type ShippingOptionNotOffered = { code: 'shipping_option_not_offered'; optionId: string }
export type StatusChangeRefused = { code: 'order_status_conflict'; from: OrderStatus; to: OrderStatus }
/** The customer has all the money again, by refunds or lost disputes, so it must not ship. */
export type OrderRefunded = { code: 'order_refunded' }
export type OrderErased = { code: 'order_erased' }
export type OrderChanged = { code: 'order_changed' }
/** Fewer units of the line are left to ship; `left` may be 0. */
export type QuantityExceedsToShip = UnitsExceeded<'quantity_exceeds_to_ship'>
/** Fewer units of the line can be refunded; `left` may be 0. Packed units wait until their shipment leaves or is cancelled. */
export type QuantityExceedsRefundable = UnitsExceeded<'quantity_exceeds_refundable'>
type UnitsExceeded<C extends string> = { code: C; lineId: string; requested: number; left: number }
/** More than was paid for shipping and not refunded yet, or a fee above what the items are worth. `maximum` in major units. */
export type RefundPartTooLarge = {
  code: 'refund_part_too_large'
  part: 'shipping' | 'restocking_fee'
  maximum: number
  currency: string
}
/** Nothing was paid for the units, or the fee takes all of it. */
export type NothingToRefund = { code: 'nothing_to_refund' }
/** The order has no such line. */
export type OrderLineNotFound = { code: 'order_line_not_found'; lineId: string }
/** It has no document with the number, or is not paid yet. */
export type InvoiceNotFound = { code: 'invoice_not_found' }
export type ShipmentNotFound = { code: 'shipment_not_found'; shipmentId: string }
/** A shipment is cancelled before it leaves, and delivered after it has left. */
export type ShipmentStatusConflict = {
  code: 'shipment_status_conflict'
  shipmentId: string
  shipmentStatus: ShipmentStatus
}
/** A guest's key also returns the order's token, so it must be unguessable. */
export type IdempotencyKeyTooWeak = { code: 'idempotency_key_too_weak' }
export type OrderNotPayable = { code: 'order_not_payable'; orderStatus: OrderStatus }
export type OrderAlreadyPaid = { code: 'order_already_paid' }
/** Not a VAT id of the EU by its form or check digits, or not a registered one. */
export type InvalidVatId = { code: 'invalid_vat_id' }
export type PromotionNotFound = { code: 'promotion_not_found'; promotionId: string }
/** Another promotion has the code, whatever its case and surrounding blanks, or it is a single-use code. */
export type PromotionCodeTaken = { code: 'promotion_code_taken'; promotionCode: string }
/** The fields of a promotion do not fit each other. */
export type InvalidPromotion = { code: 'invalid_promotion'; errors: FieldError[] }

export type OrdersFailure =
  | AccessFailure
  | InvalidCursor
  | OrderNotFound
  | ProductNotFound
  | VariantNotFound
  | VariantRequired
  | ProductOutOfStock
  | HoldConflict
  | ItemNotSoldInCurrency
  | MixedCurrencies
  | OrderTotalTooLarge
  | AmountNotChargeable
  | InvalidAmount
  | TooManyOpenOrders
  | TooManyUnitsHeld
  | MaxPerOrderExceeded
  | CodeNotApplied
  | GiftCardFailure
  | TotalChanged
  | AddressRequired
  | AddressIncomplete
  | ShippingRequired
  | ShippingOptionNotOffered
  | StatusChangeRefused
  | OrderRefunded
  | OrderErased
  | OrderEditFailure
  | OrderChanged
  | OrderLineNotFound
  | QuantityExceedsToShip
  | QuantityExceedsRefundable
  | RefundPartTooLarge
  | NothingToRefund
  | InvoiceNotFound
  | ShipmentNotFound
  | ShipmentStatusConflict
  | ReturnsFailure
  | PlacesFailure
  | IdempotencyKeyRequired
  | IdempotencyKeyReused
  | IdempotencyInFlight
  | IdempotencyKeyTooWeak
  | OrderNotPayable
  | OrderAlreadyPaid
  | InvalidVatId
  | PromotionNotFound
  | PromotionCodeTaken
  | InvalidPromotion
  | CartFailure
  | ServiceUnavailable

/** Failures that only orders answers. */
type Own = Exclude<OrdersFailure, { code: (KernelFailure | CatalogFailure | RateLimited)['code'] }>

export const ORDERS_PROBLEMS = {
  order_not_found: { status: 404, title: 'Order not found' },
  mixed_currencies: { status: 422, title: 'All items of an order must have the same currency' },
  order_total_too_large: { status: 422, title: 'The order total is above what can be charged' },
  too_many_open_orders: { status: 409, title: 'Too many unpaid orders: pay or cancel one first' },
  too_many_units_held: { status: 409, title: 'Too many units in unpaid orders: pay or cancel one first' },
  max_per_order_exceeded: { status: 422, title: 'More units of a product than one order may have' },
  code_not_applied: { status: 409, title: 'A code gives nothing for this order' },
  ...GIFT_CARD_PROBLEMS,
  total_changed: { status: 409, title: 'The order costs something else by now' },
  address_required: { status: 422, title: 'What is shipped needs a structured address' },
  address_incomplete: { status: 422, title: 'The address is too incomplete, or too wrong, to calculate tax for it' },
  shipping_required: { status: 422, title: 'What is shipped needs a shipping option' },
  shipping_option_not_offered: { status: 422, title: 'The shipping option is not offered for this order' },
  order_status_conflict: { status: 409, title: 'The order cannot move to this status' },
  order_erased: { status: 409, title: 'The customer of the order was erased, so nothing is written to it' },
  order_refunded: { status: 409, title: 'The order was refunded in full, so it does not ship' },
  order_changed: { status: 409, title: 'The order was changed by another request at the same time', retryAfter: 1 },
  order_line_not_found: { status: 404, title: 'The order has no such line' },
  ...ORDER_EDIT_PROBLEMS,
  quantity_exceeds_to_ship: { status: 409, title: 'More units than are left to ship' },
  quantity_exceeds_refundable: { status: 409, title: 'More units than can be refunded' },
  refund_part_too_large: { status: 409, title: 'A part of the refund is too large' },
  nothing_to_refund: { status: 409, title: 'Nothing was paid for the units' },
  invoice_not_found: { status: 404, title: 'The order has no such invoice' },
  shipment_not_found: { status: 404, title: 'Shipment not found' },
  shipment_status_conflict: { status: 409, title: 'The shipment cannot move to this status' },
  ...RETURNS_PROBLEMS,
  ...PLACES_PROBLEMS,
  idempotency_key_too_weak: { status: 422, title: 'Without an account an idempotency key needs 128 random bits' },
  order_not_payable: { status: 409, title: 'The order cannot be paid' },
  order_already_paid: { status: 409, title: 'The order is paid already' },
  invalid_vat_id: { status: 422, title: 'Not a valid VAT id of the EU' },
  promotion_not_found: { status: 404, title: 'Promotion not found' },
  promotion_code_taken: { status: 409, title: 'The code is taken' },
  invalid_promotion: { status: 422, title: 'The fields of the promotion do not fit each other' },
  ...CART_PROBLEMS,
} as const satisfies ProblemTable<Own>
