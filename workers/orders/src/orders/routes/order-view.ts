import { AddressParts } from '@shop/addresses/address'
import { ORDER_ID_EXAMPLE } from '@shop/contracts/orders/access'
import {
  CANCEL_REASONS,
  FULFILLMENT_STATUSES,
  ORDER_REFUND_STATUSES,
  ORDER_STATUSES,
  PAYMENT_STATUSES,
} from '@shop/contracts/orders/states'
import { hasScope } from '@shop/kernel/access'
import type { Caller } from '@shop/kernel/caller'
import { CatalogId, opaqueId } from '@shop/kernel/ids'
import { Amount, toMajor } from '@shop/kernel/money'
import { Instant } from '@shop/kernel/text'
import { z } from 'zod'
import { isOwnedBy } from '../../access/domain/visibility.ts'
import { LINE_ID_EXAMPLE, ShipmentView, toShipmentView } from '../../fulfillment/routes/shipment-view.ts'
import { toUnitsView, unitFields } from '../../fulfillment/routes/units-view.ts'
import { partFields, toPartView, toTotalsView, totalFields } from '../../pricing/routes/price-views.ts'
import { RETURN_ID_EXAMPLE, ReturnView, toReturnView } from '../../returns/routes/return-view.ts'
import { amountDueOf } from '../domain/amount-due.ts'
import type { Order } from '../domain/order.ts'
import { refundStatusOf } from '../domain/refund-status.ts'
import { VariantId } from './order-item.ts'
import { ShippingAddressView } from './shipping-address.ts'

export const UserIdView = opaqueId('user_01jd4k2v9rf0fv8z3x1m5q7w2e').nullable()

export const OrderView = z
  .strictObject({
    id: opaqueId(ORDER_ID_EXAMPLE),
    number: z.int().meta({ description: 'Short, for people. Later orders have higher ones, with gaps', example: 1001 }),
    user_id: UserIdView.meta({
      description: 'Null for the order of a guest, and in answers to requests with an order token',
    }),
    email: z.string().nullable().meta({ example: null }),
    status: z.enum(ORDER_STATUSES).meta({ example: 'pending' }),
    payment_status: z.enum(PAYMENT_STATUSES).meta({ example: 'unpaid' }),
    fulfillment_status: z.enum(FULFILLMENT_STATUSES).meta({
      description:
        'What has left of it. Units that were refunded before they shipped are not waited for. An order to pick up is ' +
        '`ready_for_pickup` and at last `picked_up`',
      example: 'unfulfilled',
    }),
    cancel_reason: z.enum(CANCEL_REASONS).nullable().meta({ example: null }),
    ...totalFields,
    gift_card_amount: Amount.meta({
      description: 'The part of the total that gift cards pay, in major units',
      example: 0,
    }),
    amount_due: Amount.meta({
      description: 'Still to be paid: the total less gift cards and earlier charges, in major units',
      example: 0,
    }),
    captured_amount: Amount.meta({ description: 'Amount captured, in major units', example: 0 }),
    refunded_amount: Amount.meta({ description: 'Amount of it that was refunded, in major units', example: 0 }),
    refund_status: z
      .enum(ORDER_REFUND_STATUSES)
      .nullable()
      .meta({
        description:
          'Where the money of a cancelled order is that was not refunded. `in_progress`: it is being refunded; `failed`: the ' +
          "shop has it, and staff decide how the customer gets it; `disputed`: the customer's bank holds it while it decides " +
          'about a dispute; `charged_back`: the bank has returned it to the customer. Null where there is no such money',
        example: null,
      }),
    currency: z.string().meta({ example: 'USD' }),
    items: z.array(
      z.strictObject({
        id: opaqueId(LINE_ID_EXAMPLE),
        product_id: CatalogId,
        variant_id: VariantId,
        sku: z.string().nullable().meta({ example: 'TEE-M' }),
        options: z
          .record(z.string(), z.string())
          .meta({ description: 'What distinguishes the variant', example: { size: 'M' } }),
        name: z.string().meta({ example: 'Aeropress coffee maker' }),
        category: z.string().nullable().meta({ example: 'kitchen' }),
        image_url: z.string().nullable().meta({ example: 'https://images.example.com/aeropress.jpg' }),
        quantity: z.int().meta({ example: 1 }),
        ...unitFields,
        unit_price: Amount.meta({
          description: 'Price of one unit when it was ordered, in major units',
          example: 1299.99,
        }),
        price: Amount.meta({ description: 'The same as `unit_price`', example: 1299.99 }),
        ...partFields,
      }),
    ),
    shipments: z.array(ShipmentView).meta({ description: 'Oldest first, with those that were cancelled' }),
    returns: z.array(ReturnView).meta({ description: 'Oldest first, including refused and cancelled ones' }),
    tax_provider: z
      .enum(['rates', 'stripe'])
      .meta({ description: 'Whose rates of tax apply: the shop’s own, or those of Stripe Tax', example: 'rates' }),
    vat_id: z.string().nullable().meta({ example: null }),
    shipping_address: ShippingAddressView.nullable(),
    billing_address: AddressParts.nullable(),
    note: z.string().nullable().meta({ description: 'For the shop', example: null }),
    cart_id: opaqueId('cart_01jd4k2v9rf0fv8z3x1m5q7w2e').nullable().meta({
      description: 'The cart that the order was made of',
    }),
    exchange_of: opaqueId(RETURN_ID_EXAMPLE).nullable().meta({
      description: 'For the new order of an exchange: the return',
    }),
    created_at: Instant,
    updated_at: Instant,
    expires_at: Instant.meta({ description: 'When the order is cancelled if it is not paid' }),
    metadata: z.record(z.string(), z.string()).optional().meta({ description: 'Shown to staff only', example: {} }),
    version: z.int().meta({ description: 'Counts the changes. For If-Match, as in the ETag', example: 1 }),
  })
  .meta({ id: 'Order' })

export const OrderResponse = z.strictObject({ order: OrderView }).meta({ id: 'OrderResponse' })

/** The answer to a write. */
export const OrderWithMessage = z
  .strictObject({ order: OrderView, message: z.string().meta({ example: 'Order placed' }) })
  .meta({ id: 'OrderWithMessage' })

export function toOrderView(order: Order, caller: Caller): z.infer<typeof OrderView> {
  return {
    id: order.id,
    number: order.number,
    user_id: maySeeOwner(order, caller) ? order.userId : null,
    email: order.email,
    status: order.status,
    payment_status: order.paymentStatus,
    fulfillment_status: order.fulfillmentStatus,
    cancel_reason: order.cancelReason,
    ...toTotalsView(order),
    gift_card_amount: toMajor(order.giftCardAmount, order.currency),
    amount_due: toMajor(amountDueOf(order), order.currency),
    captured_amount: toMajor(order.capturedAmount, order.currency),
    refunded_amount: toMajor(order.refundedAmount, order.currency),
    refund_status: refundStatusOf(order),
    currency: order.currency,
    items: order.lines.map((line) => ({
      id: line.id,
      product_id: line.productId,
      variant_id: line.variantId,
      sku: line.sku,
      options: line.options,
      name: line.name,
      category: line.category,
      image_url: line.imageUrl,
      quantity: line.quantity,
      ...toUnitsView(order, line),
      unit_price: toMajor(line.unitPrice, order.currency),
      price: toMajor(line.unitPrice, order.currency),
      ...toPartView(line, order.currency),
    })),
    shipments: order.shipments.map((shipment) => toShipmentView(order.id, shipment)),
    returns: order.returns.map((returned) => toReturnView(order, returned)),
    tax_provider: order.taxProvider,
    vat_id: order.vatId,
    shipping_address: order.shippingAddress,
    billing_address: order.billingAddress,
    note: order.note,
    cart_id: order.cartId,
    exchange_of: order.exchangeOf,
    created_at: order.createdAt.toISOString(),
    updated_at: order.updatedAt.toISOString(),
    expires_at: order.expiresAt.toISOString(),
    ...(hasScope(caller, 'orders:read') ? { metadata: order.metadata } : {}),
    version: order.version,
  }
}

/** Whoever has the token of a guest's order does not learn which account has claimed it, or that there is one. */
const maySeeOwner = (order: Order, caller: Caller): boolean =>
  order.claimedAt === null || isOwnedBy(order, caller) || hasScope(caller, 'orders:read')
