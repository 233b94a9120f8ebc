import type { Quote, QuoteFailure } from '@shop/contracts/catalog/rpc'
import { ok, type Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../../deps.ts'
import type { CartItem } from '../domain/cart.ts'

/** New items of what was quoted; the first failure where one cannot be bought. @param quotes one for each quantity */
export function toItems(
  { newId }: Pick<OrdersDeps, 'newId'>,
  quantities: readonly number[],
  quotes: readonly Result<Quote, QuoteFailure>[],
): Result<CartItem[], QuoteFailure> {
  const items: CartItem[] = []
  for (const [index, quantity] of quantities.entries()) {
    const quote = quotes[index]
    if (quote === undefined) throw new RangeError('Each item has a quote')
    if (!quote.ok) return quote
    const { variantId, productId, sku, name, options, imageUrl } = quote.value
    const described = { variantId, productId, sku, name, options, imageUrl }
    items.push({ id: newId('cartItem'), quantity, unitPrice: null, ...described })
  }
  return ok(items)
}
