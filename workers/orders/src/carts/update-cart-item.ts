import { ok, type Result } from '@shop/kernel/result'
import {
  type CartWriteFailure,
  type CartWriteRequest,
  type WriteCartDeps,
  type WrittenAnswer,
  writeCart,
} from './internal/write-cart.ts'

/** Sets the quantity of an item. */
export function updateCartItem(
  deps: WriteCartDeps,
  request: CartWriteRequest & { itemId: string; quantity: number },
): Promise<Result<WrittenAnswer, CartWriteFailure>> {
  const { itemId, quantity } = request
  return writeCart<never>(deps, request, {
    operation: 'updateCartItem',
    request: [itemId, quantity],
    change: () => ok({ kind: 'change_item', itemId, quantity }),
  })
}
