import type { QuoteFailure } from '@shop/contracts/catalog/rpc'
import type { Result } from '@shop/kernel/result'
import type { OrderItem } from '../pricing/domain/price-order.ts'
import { toItems } from './internal/to-items.ts'
import {
  type CartWriteFailure,
  type CartWriteRequest,
  type WriteCartDeps,
  type WrittenAnswer,
  writeCart,
} from './internal/write-cart.ts'

/** Adds units of a variant. Those of one that is in the cart add up. */
export function addCartItem(
  deps: WriteCartDeps,
  request: CartWriteRequest & { item: OrderItem },
): Promise<Result<WrittenAnswer, CartWriteFailure | QuoteFailure>> {
  const { quantity, ...ref } = request.item
  return writeCart(deps, request, {
    operation: 'addCartItem',
    request: request.item,
    refs: [ref],
    change: (asked) => {
      const items = toItems(deps, [quantity], asked)
      return items.ok ? { ok: true, value: { kind: 'add_items', items: items.value } } : items
    },
  })
}
