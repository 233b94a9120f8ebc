import { StructuredAddress } from '@shop/addresses/structured-address'
import { describeLimits, LIMITS } from '@shop/contracts/limits'
import { ANYONE } from '@shop/http/access'
import { addressOf } from '@shop/http/limits'
import { BODY_PROBLEMS, createRoute, json, jsonBody, problems } from '@shop/http/openapi'
import { problem } from '@shop/http/problem'
import { Email } from '@shop/kernel/email'
import { KeyHeader } from '@shop/kernel/idempotency'
import { opaqueId } from '@shop/kernel/ids'
import { Amount, Currency } from '@shop/kernel/money'
import { text } from '@shop/kernel/text'
import { z } from 'zod'
import type { OrdersApp } from '../../deps.ts'
import { MAX_ENTERED_LENGTH } from '../../gift-cards/domain/gift-card-code.ts'
import { MAX_GIFT_CARDS } from '../../gift-cards/domain/gift-card-ref.ts'
import { MAX_CODE_LENGTH } from '../../promotions/domain/code-key.ts'
import { placeOrder } from '../place-order.ts'
import { OrderItemBody, toOrderItem } from './order-item.ts'
import { OrderView } from './order-view.ts'
import { OrderToken, placedOrder } from './placed-order.ts'
import { ShippingAddressBody } from './shipping-address.ts'

const MAX_LINES = 100
const MAX_CODES = 20

const PlaceOrderBody = z
  .strictObject({
    items: z.array(OrderItemBody).min(1).max(MAX_LINES).meta({
      description:
        'Each names a variant by one of `variant_id`, `sku` and `product_id`. Lines of the same variant count together against the stock',
    }),
    currency: Currency.optional().meta({
      description: 'Currency of the order: every item has to be sold in it. Default: the first currency of the items',
      example: 'EUR',
    }),
    shipping_address: ShippingAddressBody.optional(),
    billing_address: StructuredAddress.nullable().optional().meta({
      description: 'A structured address. Tax goes by it where there is no structured `shipping_address`',
    }),
    email: Email.optional().meta({
      description: "The buyer's e-mail address. Required without an account",
      example: 'guest@example.com',
    }),
    shipping_option_id: opaqueId('shopt_01jd4k2v9rf0fv8z3x1m5q7w2e').nullable().optional().meta({
      description: 'One of the shipping options for a structured `shipping_address`',
    }),
    codes: z
      .array(text(1, MAX_CODE_LENGTH))
      .max(MAX_CODES)
      .optional()
      .meta({
        description: 'Codes of promotions. Each has to apply, else the order is refused with `code_not_applied`',
        example: ['WELCOME10'],
      }),
    gift_cards: z
      .array(text(1, MAX_ENTERED_LENGTH))
      .max(MAX_GIFT_CARDS)
      .optional()
      .meta({
        description:
          'Codes of gift cards. They pay as much of the total as possible; the card that expires first is used first. ' +
          'The rest is `amount_due`',
        example: ['7KQ2-M9XR-4DTV-H0PZ-81CW'],
      }),
    vat_id: text(1, 30).nullable().optional().meta({
      description: 'VAT id of a business in the EU, for the reverse charge. It is checked',
      example: 'DE136695976',
    }),
    note: text(1, 2_000).nullable().optional().meta({ description: 'For the shop', example: 'Please ring twice' }),
    expected_total: Amount.optional().meta({
      description:
        'The total that the buyer has seen. If the order costs something else, it is refused with `total_changed`',
      example: 1299.99,
    }),
  })
  .meta({ id: 'PlaceOrderRequest' })

const PlacedOrder = z
  .strictObject({
    order: OrderView,
    order_token: OrderToken,
    message: z.string().meta({ example: 'Order placed' }),
  })
  .meta({ id: 'PlacedOrder' })

const route = createRoute({
  method: 'post',
  path: '/api/orders',
  operationId: 'placeOrder',
  tags: ['Orders'],
  summary: 'Place an order',
  description:
    'Holds the stock of every item or of none and waits for payment until `expires_at`. ' +
    'Promotions without a code apply by themselves; shipping and tax are added by the structured address. ' +
    'The total less gift cards must be an amount that can be charged. If it is 0, the order is paid at once. ' +
    'With an `Idempotency-Key` a repeated request gets the first answer and `Idempotency-Replayed: true`. ' +
    'Without an account an `email` is required, and a key must then carry 128 random bits, such as a UUID; ' +
    'the answer has an `order_token`, which opens the order as `X-Order-Token`. ' +
    'Unpaid orders of one buyer, and the units in them, are capped. ' +
    describeLimits(LIMITS.orderAddress, LIMITS.order),
  access: ANYONE,
  request: {
    headers: z.object(KeyHeader),
    body: jsonBody(PlaceOrderBody),
  },
  responses: {
    201: json('The order, waiting for payment unless it costs nothing', PlacedOrder),
    ...problems(
      ...BODY_PROBLEMS,
      'authentication_required',
      'forbidden',
      'product_not_found',
      'variant_not_found',
      'variant_required',
      'out_of_stock',
      'hold_conflict',
      'mixed_currencies',
      'item_not_sold_in_currency',
      'order_total_too_large',
      'amount_not_chargeable',
      'max_per_order_exceeded',
      'address_required',
      'address_incomplete',
      'shipping_required',
      'shipping_option_not_offered',
      'invalid_vat_id',
      'code_not_applied',
      'gift_card_not_found',
      'gift_card_not_applied',
      'total_changed',
      'invalid_amount',
      'order_changed',
      'too_many_open_orders',
      'too_many_units_held',
      'idempotency_key_reused',
      'idempotency_in_flight',
      'idempotency_key_too_weak',
    ),
  },
})

export function addPlaceOrder(app: OrdersApp): void {
  app.openapi(route, async (c) => {
    const body = c.req.valid('json')
    const placed = await placeOrder(c.get('deps'), c.get('caller'), {
      items: body.items.map(toOrderItem),
      currency: body.currency,
      shippingAddress: body.shipping_address ?? null,
      billingAddress: body.billing_address ?? null,
      email: body.email ?? null,
      note: body.note ?? null,
      codes: body.codes ?? [],
      giftCards: (body.gift_cards ?? []).map((code) => ({ code })),
      shippingOptionId: body.shipping_option_id ?? null,
      vatId: body.vat_id ?? null,
      expectedTotalAmount: body.expected_total,
      cartId: null,
      address: addressOf(c),
      idempotencyKey: c.req.valid('header')['idempotency-key'],
    })
    if (!placed.ok) return problem(c, placed.failure)
    return c.json({ ...placedOrder(c, placed.value), message: 'Order placed' }, 201)
  })
}
