import type { ProductNotFound } from '@shop/contracts/catalog/failures'
import { type AccessFailure, type Caller, requireStaff } from '@shop/kernel/caller'
import { fail, ok, type Result } from '@shop/kernel/result'
import { invalidateAnswers } from '../caching/invalidate-answers.ts'
import type { CatalogDeps } from '../deps.ts'
import { deliverNow } from '../events/deliver-now.ts'

type DeleteDeps = Pick<CatalogDeps, 'products' | 'answers' | 'events' | 'later' | 'now' | 'warn'>

/** Removes a product from sale for good. Orders keep their own copy of what they need. */
export async function deleteProduct(
  deps: DeleteDeps,
  caller: Caller,
  { id }: { id: number },
): Promise<Result<undefined, AccessFailure | ProductNotFound>> {
  const staff = requireStaff(caller)
  if (!staff.ok) return staff
  const deleted = await deps.products.delete({ id, deletedAt: deps.now() })
  if (deleted === undefined) return fail({ code: 'product_not_found', productId: id })
  const { eventId } = deleted
  await deliverNow(deps, { consumer: 'catalog_cache', eventId }, () => invalidateAnswers(deps))
  return ok()
}
