import type { CurrencyCode } from '@shop/kernel/currencies'
import { opaqueId } from '@shop/kernel/ids'
import { Amount, toMajor } from '@shop/kernel/money'
import { z } from 'zod'
import type { CartMessage } from '../domain/cart-answer.ts'
import { ITEM_ID_EXAMPLE } from './cart-request.ts'

const item_id = opaqueId(ITEM_ID_EXAMPLE)

/** What a buyer has to know: each kind has its own members. */
export const CartMessageView = z
  .union([
    z.strictObject({ code: z.literal('price_changed'), item_id, from: Amount, to: Amount }),
    z.strictObject({ code: z.literal('quantity_reduced'), item_id, from: z.int(), to: z.int() }),
    z.strictObject({ code: z.enum(['out_of_stock', 'not_for_sale', 'max_per_order_exceeded']), item_id }),
    z.strictObject({ code: z.literal('shipping_option_not_offered'), shipping_option_id: z.string() }),
    z.strictObject({ code: z.literal('code_not_applied'), promotion_code: z.string(), reason: z.string() }),
    z.strictObject({
      code: z.literal('gift_card_not_applied'),
      gift_card_id: z.string(),
      last_four: z.string(),
      reason: z.string(),
    }),
    z.strictObject({ code: z.literal('address_incomplete') }),
  ])
  .meta({
    id: 'CartMessage',
    description:
      '`price_changed` and `quantity_reduced` show what the last write answered and what is so now; they are shown until the ' +
      'answer to the next write. `quantity_reduced` of a read says what the next write will do. An item with ' +
      '`not_for_sale` has no price. `max_per_order_exceeded`: other variants of the product are all that one order may have. ' +
      '`address_incomplete`: shipping and tax need a structured address',
  })

export function toMessageView(message: CartMessage, currency: CurrencyCode): z.infer<typeof CartMessageView> {
  switch (message.code) {
    case 'price_changed':
      return {
        code: message.code,
        item_id: message.itemId,
        from: toMajor(message.from, currency),
        to: toMajor(message.to, currency),
      }
    case 'quantity_reduced':
      return { code: message.code, item_id: message.itemId, from: message.from, to: message.to }
    case 'code_not_applied':
      return { code: message.code, promotion_code: message.promotionCode, reason: message.reason }
    case 'shipping_option_not_offered':
      return { code: message.code, shipping_option_id: message.optionId }
    case 'gift_card_not_applied':
      return {
        code: message.code,
        gift_card_id: message.giftCardId,
        last_four: message.lastFour,
        reason: message.reason,
      }
    case 'address_incomplete':
      return { code: message.code }
    default:
      return { code: message.code, item_id: message.itemId }
  }
}
