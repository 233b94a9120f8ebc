import { AddressParts } from '@shop/addresses/address'
import { ORDER_ID_EXAMPLE } from '@shop/contracts/orders/access'
import { CART_ID_EXAMPLE } from '@shop/contracts/orders/cart-access'
import { CART_STATUSES } from '@shop/contracts/orders/states'
import { versioned } from '@shop/http/conditional'
import type { CurrencyCode } from '@shop/kernel/currencies'
import { REPLAYED_HEADER } from '@shop/kernel/idempotency'
import { CatalogId, opaqueId } from '@shop/kernel/ids'
import { Amount, toMajor } from '@shop/kernel/money'
import { Instant } from '@shop/kernel/text'
import type { Context } from 'hono'
import { z } from 'zod'
import { sumOf } from '../../gift-cards/domain/apply-gift-cards.ts'
import { GIFT_CARD_ID_EXAMPLE } from '../../gift-cards/routes/gift-card-view.ts'
import { VariantId } from '../../orders/routes/order-item.ts'
import { ShippingAddressView } from '../../orders/routes/shipping-address.ts'
import { partFields, toPartView, toTotalsView, totalFields } from '../../pricing/routes/price-views.ts'
import type { CartAnswer } from '../domain/cart-answer.ts'
import { expiresAt } from '../domain/expiry.ts'
import { ITEM_ID_EXAMPLE } from './cart-request.ts'
import { CartMessageView, toMessageView } from './message-view.ts'

const CartItemView = z
  .strictObject({
    id: opaqueId(ITEM_ID_EXAMPLE),
    variant_id: VariantId,
    product_id: CatalogId,
    sku: z.string().nullable().meta({ example: 'TEE-M' }),
    name: z.string().meta({ example: 'Aeropress coffee maker' }),
    options: z.record(z.string(), z.string()).meta({ example: { size: 'M' } }),
    image_url: z.string().nullable().meta({ example: 'https://images.example.com/aeropress.jpg' }),
    quantity: z.int().meta({ example: 1 }),
    unit_price: Amount.nullable().meta({ description: 'Null for what is not for sale, which costs nothing here' }),
    ...partFields,
  })
  .meta({ id: 'CartItem' })

const OfferedOptionView = z.strictObject({
  id: opaqueId('shopt_01jd4k2v9rf0fv8z3x1m5q7w2e'),
  name: z.string().meta({ example: 'Standard' }),
  price: Amount,
  estimate: z.string().nullable().meta({ example: '2 to 4 days' }),
  is_pickup: z.boolean().meta({ example: false }),
})

const CartGiftCardView = z.strictObject({
  id: opaqueId(GIFT_CARD_ID_EXAMPLE),
  last_four: z.string().meta({ example: '81CW' }),
  applied_amount: Amount.meta({ description: 'The part of the total that this card pays', example: 25 }),
})

export const CartView = z
  .strictObject({
    id: opaqueId(CART_ID_EXAMPLE),
    version: z.int().meta({ description: 'Counts the changes. For If-Match, as in the ETag', example: 1 }),
    status: z.enum(CART_STATUSES).meta({ example: 'open' }),
    currency: z.string().meta({ example: 'USD' }),
    items: z.array(CartItemView),
    ...totalFields,
    gift_cards: z
      .array(CartGiftCardView)
      .meta({ description: 'In order of use: the card that expires first comes first' }),
    gift_card_total: Amount.meta({ description: 'The part of the total that gift cards pay', example: 0 }),
    amount_due: Amount.meta({ description: 'The total less gift cards', example: 1299.99 }),
    codes: z.array(z.string()).meta({ example: ['WELCOME'] }),
    email: z.string().nullable().meta({ example: 'guest@example.com' }),
    shipping_address: ShippingAddressView.nullable(),
    billing_address: AddressParts.nullable(),
    vat_id: z.string().nullable().meta({ example: 'DE136695976' }),
    note: z.string().nullable().meta({ example: 'Please ring twice' }),
    shipping_option_id: z.string().nullable().meta({
      description: 'As it was chosen. It counts as long as it is one of `shipping_options`',
      example: null,
    }),
    order_id: opaqueId(ORDER_ID_EXAMPLE)
      .nullable()
      .meta({ description: 'The order of a completed cart', example: null }),
    shipping_options: z.array(OfferedOptionView).meta({ description: 'Those for the address of delivery' }),
    messages: z.array(CartMessageView),
    created_at: Instant,
    updated_at: Instant,
    expires_at: Instant.meta({ description: 'When the cart ends unless it is changed' }),
  })
  .meta({ id: 'Cart' })

export const CartResponse = z.strictObject({ cart: CartView }).meta({ id: 'CartResponse' })

export function toCartView({ cart, purchase, giftCards, messages }: CartAnswer): z.infer<typeof CartView> {
  const { currency } = cart
  return {
    id: cart.id,
    version: cart.version,
    status: cart.status,
    currency,
    items: toItemViews({ cart, purchase }, currency),
    ...toTotalsView({ ...purchase, shipping: shippingOf(purchase), taxExemption: purchase.exemption }),
    gift_cards: giftCards.map(({ id, lastFour, amount }) => {
      return { id, last_four: lastFour, applied_amount: toMajor(amount, currency) }
    }),
    gift_card_total: toMajor(sumOf(giftCards), currency),
    amount_due: toMajor(purchase.total - sumOf(giftCards), currency),
    codes: [...cart.codes],
    email: cart.email,
    shipping_address: cart.shippingAddress,
    billing_address: cart.billingAddress,
    vat_id: cart.vatId?.number ?? null,
    note: cart.note,
    shipping_option_id: cart.shippingOptionId,
    order_id: cart.orderId,
    shipping_options: purchase.options.map(({ id, name, price, estimate, isPickup }) => {
      return { id, name, price: toMajor(price, currency), estimate, is_pickup: isPickup }
    }),
    messages: messages.map((message) => toMessageView(message, currency)),
    created_at: cart.createdAt.toISOString(),
    updated_at: cart.updatedAt.toISOString(),
    expires_at: expiresAt(cart).toISOString(),
  }
}

/** The chosen option is there wherever its price is. */
function shippingOf({ shipping, option }: CartAnswer['purchase']) {
  return shipping && option && { ...shipping, estimate: option.estimate, isPickup: option.isPickup }
}

const NOTHING = { subtotal: 0, discount: 0, tax: 0, total: 0, adjustments: [], taxLines: [] }

function toItemViews(
  { cart, purchase }: Pick<CartAnswer, 'cart' | 'purchase'>,
  currency: CurrencyCode,
): z.infer<typeof CartItemView>[] {
  const lineOf = new Map(purchase.lines.map((line) => [line.id, line]))
  return cart.items.map((item) => {
    const line = lineOf.get(item.id)
    return {
      id: item.id,
      variant_id: item.variantId,
      product_id: item.productId,
      sku: item.sku,
      name: item.name,
      options: item.options,
      image_url: item.imageUrl,
      quantity: item.quantity,
      unit_price: line === undefined ? null : toMajor(line.unitPrice, currency),
      ...toPartView(line ?? NOTHING, currency),
    }
  })
}

/** What every change of a cart may be refused with. */
export const CART_WRITE_PROBLEMS = [
  'cart_not_found',
  'cart_not_open',
  'cart_completing',
  'order_total_too_large',
  'version_conflict',
] as const

/** Answers the whole cart after a change, with its version. */
export function writtenCart(c: Context, written: CartAnswer & { isReplayed: boolean }) {
  if (written.isReplayed) c.header(REPLAYED_HEADER, 'true')
  versioned(c, written.cart.version)
  return c.json({ cart: toCartView(written) }, 200)
}
