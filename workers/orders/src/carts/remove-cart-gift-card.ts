import { ok, type Result } from '@shop/kernel/result'
import {
  type CartWriteFailure,
  type CartWriteRequest,
  type WriteCartDeps,
  type WrittenAnswer,
  writeCart,
} from './internal/write-cart.ts'

/** Removes a gift card from a cart; `gift_card_not_found` if the cart does not have it. */
export function removeCartGiftCard(
  deps: WriteCartDeps,
  request: CartWriteRequest & { giftCardId: string },
): Promise<Result<WrittenAnswer, CartWriteFailure>> {
  const { giftCardId } = request
  return writeCart<never>(deps, request, {
    operation: 'removeCartGiftCard',
    request: giftCardId,
    change: () => ok({ kind: 'remove_gift_card', giftCardId }),
  })
}
