import { ok, type Result } from '@shop/kernel/result'
import {
  type CartWriteFailure,
  type CartWriteRequest,
  type WriteCartDeps,
  type WrittenAnswer,
  writeCart,
} from './internal/write-cart.ts'

export function removeCartItem(
  deps: WriteCartDeps,
  request: CartWriteRequest & { itemId: string },
): Promise<Result<WrittenAnswer, CartWriteFailure>> {
  const { itemId } = request
  return writeCart<never>(deps, request, {
    operation: 'removeCartItem',
    request: itemId,
    change: () => ok({ kind: 'remove_item', itemId }),
  })
}
