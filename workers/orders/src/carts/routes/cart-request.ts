import { CART_ID_EXAMPLE, CART_TOKEN_HEADER, CartTokenHeader } from '@shop/contracts/orders/cart-access'
import type { Caller } from '@shop/kernel/caller'
import { KeyHeader } from '@shop/kernel/idempotency'
import { opaqueId } from '@shop/kernel/ids'
import { IfMatchHeader } from '@shop/kernel/versions'
import { z } from 'zod'
import { GIFT_CARD_ID_EXAMPLE } from '../../gift-cards/routes/gift-card-view.ts'
import type { CartRequest } from '../domain/cart-request.ts'

export const ITEM_ID_EXAMPLE = 'item_01jd4k2v9rf0fv8z3x1m5q7w2e'

export const CartParams = z.object({ id: opaqueId(CART_ID_EXAMPLE) })
export const CartItemParams = CartParams.extend({ item_id: opaqueId(ITEM_ID_EXAMPLE) })

export const CartGiftCardParams = CartParams.extend({ gift_card_id: opaqueId(GIFT_CARD_ID_EXAMPLE) })

export const CartHeaders = z.object(CartTokenHeader)
/** Of a request that changes a cart. */
export const CartWriteHeaders = CartHeaders.extend({ 'if-match': IfMatchHeader })
/** Of one that is a POST. */
export const CartPostHeaders = CartWriteHeaders.extend(KeyHeader)

export function cartRequestOf(
  caller: Caller,
  { id }: { id: string },
  headers: z.infer<typeof CartHeaders>,
): CartRequest {
  return { cartId: id, caller, cartToken: headers[CART_TOKEN_HEADER] ?? null }
}
