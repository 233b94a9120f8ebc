import { ok } from '@shop/kernel/result'
import type { CatalogDeps } from '../deps.ts'
import type { Delivered } from '../events/attempt-delivery.ts'

/** Invalidates all cached answers. If Redis does not answer, they expire within half a second. */
export async function invalidateAnswers({ answers }: Pick<CatalogDeps, 'answers'>): Promise<Delivered> {
  await answers?.startVersion()
  return ok('done')
}
