import type { CatalogDeps } from '../deps.ts'

/** So few that their statement ends long before its time is over. */
const BATCH = 500

/**
 * Makes products found by the words of the shop's first language, if the settings have changed since they were written.
 *
 * @returns how many products were written, and the most that can be
 */
export async function keepSearchLanguage({ search, shop }: Pick<CatalogDeps, 'search' | 'shop'>) {
  return { done: await search.keepLanguage(shop.locales[0], BATCH), limit: BATCH }
}
