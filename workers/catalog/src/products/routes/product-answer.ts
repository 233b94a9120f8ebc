import type { Caller } from '@shop/kernel/caller'
import { ok, type Result } from '@shop/kernel/result'
import type { Timed } from '../../caching/routes/shared-answer.ts'
import type { PricedProduct } from '../../prices/domain/priced-product.ts'
import { type ProductView, toProductView } from './product-view.ts'

type ProductAnswer<F extends { code: string }> = Result<{ product: ProductView }, F> & Timed

/** The answer to a read of one product, and when it changes by itself. */
export function toProductAnswer<F extends { code: string }>(
  found: Result<PricedProduct, F>,
  caller: Caller,
): ProductAnswer<F> {
  if (!found.ok) return found
  return { ...ok({ product: toProductView(found.value, caller) }), changesAt: found.value.changesAt }
}

/** A product may be sold in another currency at any time, without a change that is announced. */
export const isKept = <F extends { code: string }>(answer: ProductAnswer<F>): boolean =>
  answer.ok || answer.failure.code !== 'not_sold_in_currency'

export const answerChangesAt = <F extends { code: string }>(answer: ProductAnswer<F>): number | undefined =>
  answer.changesAt
