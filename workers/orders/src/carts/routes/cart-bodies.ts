import { StructuredAddress } from '@shop/addresses/structured-address'
import { Email } from '@shop/kernel/email'
import { opaqueId } from '@shop/kernel/ids'
import { Amount, Currency } from '@shop/kernel/money'
import { text } from '@shop/kernel/text'
import { z } from 'zod'
import { MAX_ENTERED_LENGTH } from '../../gift-cards/domain/gift-card-code.ts'
import { OrderItemBody, Quantity } from '../../orders/routes/order-item.ts'
import { ShippingAddressBody } from '../../orders/routes/shipping-address.ts'
import { codeKey, MAX_CODE_LENGTH } from '../../promotions/domain/code-key.ts'
import { MAX_LINES } from '../domain/cart.ts'
import type { CartUpdate } from '../update-cart.ts'

const MAX_CODES = 20

export const CreateCartBody = z
  .strictObject({
    currency: Currency.optional().meta({ description: 'Default: that of the shop', example: 'EUR' }),
    items: z.array(OrderItemBody).max(MAX_LINES).optional().meta({
      description: 'Each names a variant by one of `variant_id`, `sku` and `product_id`',
    }),
  })
  .meta({ id: 'CreateCartRequest' })

/** As an item of an order. */
export const AddCartItemBody = OrderItemBody.meta({ id: 'AddCartItemRequest', example: { variant_id: 1, quantity: 1 } })

export const UpdateCartItemBody = z
  .strictObject({ quantity: Quantity.meta({ example: 2 }) })
  .meta({ id: 'UpdateCartItemRequest' })

export const UpdateCartBody = z
  .strictObject({
    email: Email.nullable().optional(),
    shipping_address: ShippingAddressBody.optional(),
    billing_address: StructuredAddress.nullable().optional().meta({
      description: 'Tax goes by it where there is no structured `shipping_address`',
    }),
    shipping_option_id: opaqueId('shopt_01jd4k2v9rf0fv8z3x1m5q7w2e').nullable().optional().meta({
      description: 'One of `shipping_options`. It counts as long as it is offered',
    }),
    codes: z
      .array(text(1, MAX_CODE_LENGTH))
      .max(MAX_CODES)
      .optional()
      .meta({
        description: 'All codes of promotions, those entered before included',
        example: ['WELCOME'],
      }),
    vat_id: text(1, 30).nullable().optional().meta({
      description: 'Of a business in the EU, for the reverse charge',
      example: 'DE136695976',
    }),
    note: text(1, 2_000).nullable().optional().meta({ example: 'Please ring twice' }),
    currency: Currency.optional().meta({ description: 'Every item gets its price in it', example: 'EUR' }),
  })
  .meta({ id: 'UpdateCartRequest' })

export const AddCartGiftCardBody = z
  .strictObject({ code: text(1, MAX_ENTERED_LENGTH).meta({ example: '7KQ2-M9XR-4DTV-H0PZ-81CW' }) })
  .meta({ id: 'AddCartGiftCardRequest' })

export const CompleteCartBody = z
  .strictObject({
    expected_total: Amount.optional().meta({
      description: 'The total that the buyer agreed to. Default: what the cart answered last',
    }),
  })
  .meta({ id: 'CompleteCartRequest' })

/** Only what was sent: a field that is left out keeps its value. */
export function toCartUpdate(body: z.infer<typeof UpdateCartBody>): CartUpdate {
  const { email, note, currency } = body
  // Spellings of one code are one; the first one stays.
  const codes = body.codes?.filter(
    (code, index, all) => all.findIndex((other) => codeKey(other) === codeKey(code)) === index,
  )
  const { shipping_address: shippingAddress, billing_address: billingAddress, vat_id: vatId } = body
  const { shipping_option_id: shippingOptionId } = body
  const fields = { email, codes, note, currency, shippingAddress, billingAddress, vatId, shippingOptionId }
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}
