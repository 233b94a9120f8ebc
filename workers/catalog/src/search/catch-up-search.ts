import type { CatalogDeps } from '../deps.ts'

/** So few that their statement ends long before its time is over. */
const BATCH = 500

/**
 * Rewrites what products are found by where a change was too large to do it at once: another first language of the shop, or a
 * category of many products that was renamed or deleted.
 *
 * @returns how many products were written, and the most that can be
 */
export async function catchUpSearch({ search, shop }: Pick<CatalogDeps, 'search' | 'shop'>) {
  return { done: await search.catchUp(shop.locales[0], BATCH), limit: BATCH }
}
